// One article: its heading, its text with marks, its notes.

function heading(article) {
  const where = [article.title ? article.id : "", article.outlet, article.published].filter(Boolean).join(" · ");
  const meta = make("p", { class: "meta" }, where);
  if (/^https?:\/\//i.test(article.url || "")) {
    const link = make("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, "page d’origine");
    meta.append(where ? " · " : "", link);
  }
  const between = `${tenths.format(article.low)}–${tenths.format(article.high)}`;
  const said = article.triage === "foreign" ? `, ${article.language}` : [
    "",
    `${tenths.format(article.score)}${SPACE}points pour 1${SPACE}000${SPACE}mots (intervalle à 95${SPACE}%${SPACE}: ${between})`,
    counted(article.words, "mot"),
    gravity(article.issues),
    ...(article.origin && !article.machine ? [article.origin] : []),
  ].join(`${SPACE}· `);
  return [
    make("h2", { id: "title", tabindex: "-1" }, article.name),
    meta,
    make("div", { class: "verdict" },
      make("p", {},
        make("span", { class: "lane", "data-lane": article.triage }, labels.triage[article.triage] || article.triage), said),
      strip(article),
      machineOf(article)),
  ];
}

/** Where in the article the issues stand. */
function strip(article) {
  const length = Math.max(1, article.text.length);
  const svg = draw("svg", { class: "strip", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true" },
    draw("line", { class: "base", x1: 0, x2: 1000, y1: 20, y2: 20 }));
  const tops = { critical: 0, major: 7, minor: 13 };
  for (const issue of article.shown) {
    const x = (1000 * issue.start) / length;
    svg.append(draw("line", { class: issue.severity, x1: x, x2: x, y1: tops[issue.severity], y2: 20 }));
  }
  return svg;
}

/** The text in paragraphs, cut where marks begin and end; of several marks on the same words the shortest shows.
 * `places` are those of the clue that is pointed at. */
function textOf(article, prefix, places = []) {
  const box = make("div", { class: "text", lang: article.lang });
  const begun = new Set();
  for (const line of article.text.matchAll(/[^\r\n]+/g)) {
    const start = line.index;
    const end = start + line[0].length;
    if (!line[0].trim()) continue;
    const here = article.shown.filter((issue) => issue.start < end && start < reach(issue));
    const cuts = new Set([start, end]);
    for (const one of [...here, ...places]) {
      for (const cut of [one.start, reach(one)]) if (start < cut && cut < end) cuts.add(cut);
    }
    const points = [...cuts].sort((a, b) => a - b);
    const paragraph = make("p", { class: kindOf(article, start) });
    for (let n = 0; n + 1 < points.length; n += 1) {
      const [from, to] = [points[n], points[n + 1]];
      const words = article.text.slice(from, to);
      const over = here.filter((issue) => issue.start <= from && to <= reach(issue));
      const piece = over.length ? markOf(article, over, words, to, begun, prefix) : words;
      const place = places.find((one) => one.start <= from && to <= reach(one));
      paragraph.append(place ? make("mark", { class: "place", "data-place": place.number }, piece) : piece);
    }
    box.append(paragraph);
  }
  return box;
}

/** An issue of no length, where something is missing, is shown on the character after it. */
function reach(issue) {
  return Math.max(issue.end, issue.start + 1);
}

function kindOf(article, offset) {
  const region = article.regions.find(([start, end]) => start <= offset && offset < end);
  if (!region) return null;
  return region[2] === "headline" ? "headline" : "aside";
}

function markOf(article, over, words, to, begun, prefix) {
  const issue = over.reduce((best, other) => (reach(other) - other.start < reach(best) - best.start ? other : best));
  const number = article.shown.indexOf(issue);
  const first = !begun.has(issue);
  begun.add(issue);
  return make("span", {
    class: `mark ${issue.severity}`,
    "data-issue": number,
    "data-n": to === reach(issue) ? number + 1 : null,
    ...(first && !prefix
      ? { id: `mark-${number}`, role: "button", tabindex: "0", "aria-describedby": `kind-${number}` }
      : {}),
  }, words);
}

function noteOf(article, issue, number, prefix) {
  const words = article.text.slice(issue.start, issue.end).replace(/\s+/g, " ").trim();
  const rule = report.rules[issue.rule] || {};
  const head = [
    make("span", { class: "kind", id: prefix ? null : `kind-${number}`, "data-n": number + 1 },
      make("b", { class: issue.severity }, labels.severity[issue.severity]), `${SPACE}· ${labels.category[issue.category] || issue.category}`),
    make("span", { class: "words" }, words ? `«${SPACE}${shortened(words)}${SPACE}»` : "ici, il manque quelque chose"),
  ];
  const button = make("button", {
    type: "button", "data-issue": number, "aria-expanded": prefix ? null : "false", "aria-controls": prefix ? null : `body-${number}`,
  }, ...head);
  return make("li", { class: `note ${issue.severity}-note`, id: prefix ? null : `note-${number}`, "data-issue": number },
    make("h3", {}, button),
    make("div", { class: "body", id: prefix ? null : `body-${number}` },
      make("p", { class: "message" }, issue.message),
      fixes(issue),
      rule.why ? make("p", { class: "why" }, rule.why) : null,
      facts(issue, rule)));
}

function shortened(words) {
  return words.length > 160 ? `${words.slice(0, 150).replace(/\s+\S*$/, "")} […]` : words;
}

function fixes(issue) {
  if (!issue.suggestions.length) return null;
  return make("ul", { class: "fixes", "aria-label": "Suggestions" }, ...issue.suggestions.map((fix) =>
    make("li", {},
      make("span", { class: "fix" }, fix || "(supprimer)"),
      make("button", { type: "button", "data-copy": fix, "aria-label": `Copier «${SPACE}${fix}${SPACE}»` }, "Copier"))));
}

/** What the finding rests on. */
function facts(issue, rule) {
  const pairs = Object.entries(issue.evidence).map(([name, value]) => [labels.evidence[name] || name, said(value)]);
  pairs.push(["endroit", labels.region[issue.region] || issue.region]);
  if (issue.confidence < 1) pairs.push(["confiance", `${Math.round(100 * issue.confidence)}${SPACE}%`]);
  pairs.push(["règle", issue.rule]);
  if ((rule.references || []).length) pairs.push(["référence", rule.references.join(" ; ")]);
  return make("dl", { class: "facts" }, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function said(value) {
  if (Array.isArray(value)) return value.map(said).join(", ");
  if (typeof value === "number") return new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 }).format(value);
  if (typeof value === "boolean") return value ? "oui" : "non";
  return typeof value === "string" ? value : JSON.stringify(value);
}
