"""The same story as every format brings it, made after the public specifications: bytes by the name of the format."""

from __future__ import annotations

import html
import io
import json
from functools import cache
from typing import Any

TITLE = "Le port de pêche rouvre après six semaines de travaux"
LEAD = (
    "Le port de pêche a rouvert jeudi matin, après six semaines de travaux sur le quai principal, a annoncé la mairie "
    "dans un communiqué."
)
QUOTE = (
    "«\u00a0Nous sommes soulagés, les bateaux peuvent de nouveau débarquer ici\u00a0», a déclaré le président du "
    "comité des pêches, qui chiffre les pertes à 1\u202f200\u00a0euros par jour."
)
LAST = (
    "Une réunion publique est prévue mardi soir à la salle des fêtes, pour présenter la suite du chantier aux "
    "habitants du quartier."
)
PARAGRAPHS = (LEAD, QUOTE, LAST)
BODY = "\n\n".join(PARAGRAPHS)
STORY = f"{TITLE}\n\n{BODY}"

ID = "tag:courrier.example,2026:port"
URL = "https://courrier.example/port"
OUTLET = "Le Courrier du littoral"
AUTHOR = "Anne Le Goff"
PUBLISHED = "2026-03-12T08:00:00+01:00"

MARKUP = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in PARAGRAPHS).replace(
    "le quai principal", "<a href='/quai'>le quai <em>principal</em></a>"
)

PAGE = f"""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>{TITLE} - {OUTLET}</title>
<meta property="og:site_name" content="{OUTLET}"><meta name="author" content="{AUTHOR}">
<meta property="article:published_time" content="{PUBLISHED}"><link rel="canonical" href="{URL}"></head>
<body><nav><a href="/">Accueil</a> <a href="/sport">Sport</a></nav>
<article><h1>{TITLE}</h1>{MARKUP.replace(chr(160), "&nbsp;")}<script>alert("ne pas lire")</script></article>
<footer>Tous droits réservés. <a href="/abo">Abonnez-vous</a></footer></body></html>
"""

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>{OUTLET}</title><link>https://courrier.example/</link><language>fr-fr</language>
<item><title>{TITLE}</title><link>{URL}</link><guid isPermaLink="false">{ID}</guid>
<description>Le port a rouvert.</description>
<content:encoded><![CDATA[{MARKUP}]]></content:encoded>
<dc:creator>{AUTHOR}</dc:creator><pubDate>Thu, 12 Mar 2026 08:00:00 +0100</pubDate></item>
<item><title>Une brève</title><link>https://courrier.example/breve</link>
<description>
&lt;p&gt;La bibliothèque ferme &amp;laquo;&amp;nbsp;pour travaux&amp;nbsp;&amp;raquo;.&lt;/p&gt;</description></item>
</channel></rss>
"""

RDF = f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://courrier.example/"><title>{OUTLET}</title></channel>
<item rdf:about="{ID}"><title>{TITLE}</title><link>{URL}</link><description>{html.escape(MARKUP)}</description>
<dc:creator>{AUTHOR}</dc:creator><dc:date>{PUBLISHED}</dc:date></item></rdf:RDF>
"""

ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>{OUTLET}</title><id>https://courrier.example/</id>
<updated>{PUBLISHED}</updated>
<entry><title type="text">{TITLE}</title><id>{ID}</id><link rel="alternate" href="{URL}"/>
<author><name>{AUTHOR}</name></author><published>{PUBLISHED}</published><updated>{PUBLISHED}</updated>
<summary>Le port a rouvert.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{MARKUP}</div></content></entry></feed>
"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": OUTLET,
        "language": "fr",
        "items": [
            {
                "id": ID,
                "url": URL,
                "title": TITLE,
                "content_html": MARKUP,
                "summary": "Le port a rouvert.",
                "date_published": PUBLISHED,
                "authors": [{"name": AUTHOR}],
            },
            {"id": "2", "content_text": "La bibliothèque ferme."},
        ],
    },
    ensure_ascii=False,
    indent=1,
)

_NITF = (
    f"<nitf><head><docdata><doc-id id-string='{ID}'/><date.issue norm='{PUBLISHED}'/></docdata></head>"
    f"<body><body.head><hedline><hl1>{TITLE}</hl1></hedline></body.head><body.content>{MARKUP}"
    "</body.content></body></nitf>"
)
NITF = f'<?xml version="1.0" encoding="UTF-8"?>\n{_NITF}'


def newsml(body: str) -> str:
    """A news item with a body of any kind."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{ID}" version="1" standard="NewsML-G2" xml:lang="fr">
<itemMeta><itemClass qcode="ninat:text"/><provider literal="x"><name>{OUTLET}</name></provider>
<versionCreated>{PUBLISHED}</versionCreated></itemMeta>
<contentMeta><contentCreated>{PUBLISHED}</contentCreated><by>{AUTHOR}</by><language tag="fr-FR"/>
<headline>{TITLE}</headline></contentMeta><contentSet>{body}</contentSet></newsItem>
"""


NEWSML_NITF = newsml(f'<inlineXML contenttype="application/nitf+xml">{_NITF}</inlineXML>')
NEWSML_XHTML = newsml(
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>non</title>'
    f"</head><body>{MARKUP}</body></html></inlineXML>"
)
NINJS_1 = json.dumps(
    {
        "uri": ID,
        "type": "text",
        "language": "fr",
        "versioncreated": PUBLISHED,
        "byline": AUTHOR,
        "copyrightholder": OUTLET,
        "headline": TITLE,
        "body_text": BODY.replace("\n\n", " "),
        "body_xhtml": MARKUP,
    },
    ensure_ascii=False,
)
NINJS_3 = json.dumps(
    {
        "uri": ID,
        "standard": {"name": "ninjs", "version": "3.0"},
        "language": "fr",
        "versionCreated": PUBLISHED,
        "by": AUTHOR,
        "copyrightHolder": OUTLET,
        "headlines": [{"role": "main", "value": TITLE}],
        "bodies": [
            {"role": "txt", "contentType": "text/plain", "value": BODY.replace("\n\n", " ")},
            {"role": "main", "contentType": "text/html", "value": MARKUP},
        ],
    },
    ensure_ascii=False,
    indent=2,
)
RECORD = {
    "id": ID,
    "text": BODY,
    "title": TITLE,
    "lang": "fr",
    "url": URL,
    "published": PUBLISHED,
    "outlet": OUTLET,
    "author": AUTHOR,
    "source_text": "The fishing port reopened on Thursday after six weeks of work.",
    "source_lang": "en",
}
OTHER = RECORD | {"id": "2", "text": "La bibliothèque ferme.", "title": "Une brève"}
JSONL = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in (RECORD, OTHER))
JSON = json.dumps([RECORD, OTHER], ensure_ascii=False, indent=1)


def table(mark: str) -> str:
    """The two records as a table."""
    rows = [list(RECORD), list(RECORD.values()), list(OTHER.values())]
    return "".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


EML = f"""From: {OUTLET} <depeches@courrier.example>
To: desk@journal.example
Subject: =?utf-8?b?TGUgcG9ydCBkZSBww6pjaGUgcm91dnJlIGFwcsOocyBzaXggc2VtYWluZXMg?=
 =?utf-8?b?ZGUgdHJhdmF1eA==?=
Date: Thu, 12 Mar 2026 08:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=frontiere

--frontiere
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>{LEAD}</p>
--frontiere
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{BODY}

--\u0020
La rédaction
--frontiere--
"""


@cache
def parquet() -> bytes:
    """The two records as Parquet, in two groups of rows."""
    import pyarrow
    from pyarrow import parquet as file

    out = io.BytesIO()
    columns: Any = {name: [RECORD[name], OTHER[name]] for name in RECORD}
    file.write_table(pyarrow.table(columns), out, row_group_size=1)
    return out.getvalue()


#: By a name of our own, the format that is to be found first in it.
INCOMING: dict[str, bytes] = {
    "html": PAGE.encode(),
    "rss": RSS.encode(),
    "rss-rdf": RDF.encode(),
    "atom": ATOM.encode(),
    "json-feed": JSON_FEED.encode(),
    "newsml-nitf": NEWSML_NITF.encode(),
    "newsml-xhtml": NEWSML_XHTML.encode(),
    "nitf": NITF.encode(),
    "ninjs-1": NINJS_1.encode(),
    "ninjs-3": NINJS_3.encode(),
    "json": JSON.encode(),
    "jsonl": JSONL.encode(),
    "csv": table(";").encode(),
    "tsv": table("\t").encode(),
    "eml": EML.encode(),
    "parquet": parquet(),
}
