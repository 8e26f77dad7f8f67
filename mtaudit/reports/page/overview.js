// The whole run: lanes, categories, outlets, what was left out.

const NAMED = 30;

function overview(listed) {
  const issues = listed.flatMap((article) => article.shown);
  const sections = [make("h2", { id: "title", tabindex: "-1" }, "Vue d’ensemble"), lanes(listed)];
  if (verdicts.size) sections.push(byVerdict(listed));
  if (issues.length) sections.push(byCategory(issues));
  if (articles.length > 1) sections.push(byOutlet(listed));
  sections.push(...leftOut());
  sections.push(make("section", {},
    make("button", { type: "button", id: "print-all" }, `Imprimer ${counted(listed.length, "article")}`),
    make("p", { class: "signature" }, `${report.made} · mtaudit ${report.version} · ${report.signatures.join(" · ")}`)));
  return sections;
}

function lanes(listed) {
  const counts = LANES.map((name) => [name, listed.filter((article) => article.triage === name).length]);
  const svg = draw("svg", { class: "lanes", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  for (const [name, count] of counts) {
    const width = (1000 * count) / Math.max(1, listed.length);
    if (count) svg.append(draw("rect", { class: name, x, y: 0, width: Math.max(1, width - 2), height: 10 }));
    x += width;
  }
  const words = listed.reduce((sum, article) => sum + article.words, 0);
  return make("section", {},
    make("p", {}, `${counted(listed.length, "article")}, ${counted(words, "mot")}`),
    svg,
    make("ul", { class: "legend" }, ...counts.filter(([name, count]) => count || name !== "foreign").map(([name, count]) =>
      make("li", {}, make("span", { class: `swatch ${name}` }), make("b", {}, wholes.format(count)), ` ${lane(count, name)}`))));
}

function byVerdict(listed) {
  const shown = VERDICTS.filter((name) => verdicts.has(name));
  return make("section", {},
    make("h3", {}, "Traduction automatique"),
    make("p", {}, "Probabilité qu’une machine ait traduit l’article, pour autant d’articles de machine que de rédacteurs."),
    make("ul", { class: "legend" }, ...shown.map((name) => {
      const count = listed.filter((article) => verdictOf(article) === name).length;
      return make("li", {}, make("b", {}, wholes.format(count)), ` ${labels.verdict[name]}${count > 1 && name !== "no sign" ? "s" : ""}`);
    })));
}

/** A table whose bars are drawings: the figures stand beside them, for whoever cannot see these. */
function chart(title, note, columns, rows) {
  return make("section", {},
    make("h3", {}, title),
    make("p", {}, note),
    make("table", { class: "chart", "aria-label": title },
      make("thead", {}, make("tr", {}, ...columns.map((name, n) =>
        make("th", { scope: "col", class: n > 1 ? "n" : null }, name || make("span", { class: "unseen" }, "Graphique"))))),
      make("tbody", {}, ...rows)));
}

function byCategory(issues) {
  const counts = new Map();
  for (const issue of issues) {
    if (!counts.has(issue.category)) counts.set(issue.category, { critical: 0, major: 0, minor: 0, all: 0 });
    counts.get(issue.category)[issue.severity] += 1;
    counts.get(issue.category).all += 1;
  }
  const rows = [...counts].sort((a, b) => b[1].all - a[1].all);
  const most = rows[0][1].all;
  return chart("Signalements par catégorie", counted(issues.length, "signalement"), ["Catégorie", "", ...SEVERITIES.map((key) => `${labels.severity[key]}s`)],
    rows.map(([category, count]) => {
      const svg = draw("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" });
      let x = 0;
      for (const key of SEVERITIES) {
        const width = (1000 * count[key]) / most;
        if (count[key]) svg.append(draw("rect", { class: key, x, y: 1, width, height: 8 }));
        x += width;
      }
      return make("tr", {},
        make("th", { scope: "row" }, labels.category[category] || category),
        make("td", {}, svg),
        ...SEVERITIES.map((key) => make("td", { class: "n" }, make("span", { class: count[key] ? key : null }, wholes.format(count[key])))));
    }));
}

function byOutlet(listed) {
  const groups = new Map();
  for (const article of listed.filter((article) => article.triage !== "foreign")) {
    const name = article.outlet || article.folder || "sans source";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(article);
  }
  const rows = [...groups].map(([name, members]) => {
    const words = members.reduce((sum, article) => sum + article.words, 0);
    const penalty = members.reduce((sum, article) => sum + article.penalty, 0);
    const likely = members.filter((article) => verdictOf(article) === "likely").length;
    return { name, members, likely, mean: words ? (1000 * penalty) / words : 0 };
  }).sort((a, b) => b.mean - a.mean);
  const most = Math.max(1, ...listed.map((article) => article.score));
  const machine = verdicts.size ? ` «${SPACE}Trad. auto.${SPACE}» compte les traductions automatiques probables.` : "";
  return chart("Score par source", `Points pour 1 000 mots, tous signalements comptés : la barre est la moyenne, chaque trait un article. À défaut de source, le dossier.${machine}`,
    ["Source ou dossier", "", "articles", ...(verdicts.size ? ["trad. auto."] : []), "score"],
    rows.slice(0, NAMED).map(({ name, members, likely, mean }) => {
      const svg = draw("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        draw("rect", { class: "mean", x: 0, y: 3, width: (1000 * mean) / most, height: 4 }));
      for (const x of new Set(members.map((article) => Math.round((1000 * article.score) / most)))) {
        svg.append(draw("line", { class: "tick", x1: x, x2: x, y1: 0, y2: 10 }));
      }
      return make("tr", {},
        make("th", { scope: "row" }, name),
        make("td", {}, svg),
        make("td", { class: "n" }, wholes.format(members.length)),
        verdicts.size ? make("td", { class: "n" }, wholes.format(likely)) : null,
        make("td", { class: "n" }, tenths.format(mean)));
    }));
}

function leftOut() {
  const engines = report.skipped.map(([name, reason, rules]) =>
    `${name}${SPACE}: ${reason}${rules ? ` (${counted(rules, "règle")} sans lui)` : ""}`);
  const inputs = report.unreadable.map(([path, reason]) => `${path}${SPACE}: ${reason}`);
  return [["Moteurs qui n’ont pas pu servir", engines], ["Entrées illisibles", inputs]]
    .filter(([, lines]) => lines.length)
    .map(([title, lines]) => make("section", {},
      make("h3", {}, title),
      make("ul", { class: "plain" }, ...lines.map((line) => make("li", {}, line)))));
}
