"""Writes mtaudit/engines/languagetool/maven.tsv: the jars of a LanguageTool that reads French, with their SHA-256.

    python notebooks/languagetool_lock.py VERSION

Maven resolves `languagetool-server` and `language-fr`. Of the other languages, which would be 190 MB of 254, only the
modules of Spanish, Catalan and Portuguese are kept, without their dictionaries: the server's language detector names
them when it starts, and refuses to without.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from mtaudit.engines.languagetool.maven import LOCK

GROUP = "org.languagetool"
NAMED_BY_THE_DETECTOR = ("es", "ca", "pt")
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def dependency(artifact: str, version: str, without: tuple[str, str] | None = None) -> str:
    excluded = ""
    if without:
        group, name = without
        excluded = (
            f"<exclusions><exclusion><groupId>{group}</groupId><artifactId>{name}</artifactId></exclusion></exclusions>"
        )
    return (
        f"<dependency><groupId>{GROUP}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version>{excluded}</dependency>"
    )


def project(version: str) -> str:
    wanted = [
        dependency("languagetool-server", version, (GROUP, "language-all")),
        dependency("language-fr", version),
        *(dependency(f"language-{code}", version, ("*", "*")) for code in NAMED_BY_THE_DETECTOR),
    ]
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>mtaudit</groupId><artifactId>languagetool</artifactId><version>1</version>"
        f"<dependencies>{''.join(wanted)}</dependencies></project>"
    )


def main() -> None:
    version = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pom.xml").write_text(project(version), encoding="utf-8")
        options = [f"-DoutputDirectory={folder / 'jars'}", "-Dmdep.useRepositoryLayout=true", "-DincludeScope=runtime"]
        subprocess.run(["mvn", "-q", "-B", "-f", str(folder / "pom.xml"), COPY, *options], check=True)
        rows = []
        for path in sorted((folder / "jars").rglob("*.jar")):
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            rows.append(f"{path.relative_to(folder / 'jars').as_posix()}\t{len(content)}\t{digest}\n")
    head = f"# languagetool\t{version}\npath\tbytes\tsha256\n"
    LOCK.write_text(head + "".join(rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} jars in {LOCK}\n")


if __name__ == "__main__":
    main()
