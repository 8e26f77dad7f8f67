// The report, what is chosen in it, and the French of its numbers.
const report = JSON.parse(document.getElementById("report").textContent);
const labels = report.labels;
const SEVERITIES = ["critical", "major", "minor"];
const LANES = ["retranslate", "edit", "clean", "foreign"];
const SPACE = "\u00a0";
const articles = report.articles;

const chosen = { severity: new Set(), category: new Set(), region: new Set(), verdict: new Set(), query: "" };
const every = { severity: new Map(), category: new Map(), region: new Map() };
/** Articles by verdict; empty when none was judged. */
const verdicts = new Map();

const addresses = new Map();
articles.forEach((article, index) => {
  article.index = index;
  // Entries of two feeds may have the same name.
  article.address = addresses.has(article.id) ? `${article.id}~${index}` : article.id;
  addresses.set(article.address, article);
  article.name = article.title || article.id;
  for (const issue of article.issues) {
    for (const key of Object.keys(every)) {
      every[key].set(issue[key], (every[key].get(issue[key]) || 0) + 1);
    }
  }
  article.shown = article.issues;
});
for (const key of Object.keys(every)) chosen[key] = new Set(every[key].keys());
if (articles.some((article) => article.machine)) {
  for (const article of articles) verdicts.set(verdictOf(article), (verdicts.get(verdictOf(article)) || 0) + 1);
}
chosen.verdict = new Set(verdicts.keys());

/** What a search looks through, made when the first one comes. */
function searched(article) {
  article.searched ??= plain([article.id, article.title, article.outlet, article.text].filter(Boolean).join("\n"));
  return article.searched;
}

/** Without accents and capitals: who searches for « election » finds « Élection ». */
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2019\u02bc]/g, "'").toLowerCase();
}

/** Whether some issues are hidden. */
function isNarrowed() {
  return Object.keys(every).some((key) => [...every[key].keys()].some((value) => !chosen[key].has(value)));
}

function isFiltered() {
  return isNarrowed() || chosen.verdict.size < verdicts.size;
}

/** Chooses again which issues and articles are shown; gives the articles in the order of the list. */
function choose() {
  const narrowed = isNarrowed();
  const keys = Object.keys(every);
  const query = plain(chosen.query.trim());
  for (const article of articles) {
    article.shown = narrowed
      ? article.issues.filter((issue) => keys.every((key) => chosen[key].has(issue[key])))
      : article.issues;
    article.listed = (!narrowed || article.shown.length > 0) && (!query || searched(article).includes(query)) &&
      (!verdicts.size || chosen.verdict.has(verdictOf(article)));
  }
  return ordered.filter((article) => article.listed);
}

/** By lane, and in a lane as lanes are chosen: by the lower end of the score's interval, the worst first. */
const ordered = [...articles].sort((a, b) =>
  LANES.indexOf(a.triage) - LANES.indexOf(b.triage) || b.low - a.low || b.score - a.score || a.index - b.index);

const wholes = new Intl.NumberFormat("fr-FR");
const tenths = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** « 1 mot », « 412 mots »: in French, nought and one are singular. */
function counted(number, singular, plural) {
  return wholes.format(number) + SPACE + (number < 2 ? singular : plural || singular + "s");
}

/** « 1 bon à publier », « 2 bons à publier ». */
function lane(count, name) {
  const label = labels.triage[name] || name;
  return count > 1 ? label.replace(/^(bon|laissé) /, "$1s ") : label;
}

function tally(issues) {
  const counts = { critical: 0, major: 0, minor: 0 };
  for (const issue of issues) counts[issue.severity] += 1;
  return counts;
}

/** « 2 critiques, 1 majeure ». */
function gravity(issues) {
  const counts = tally(issues);
  const parts = SEVERITIES.filter((key) => counts[key]).map((key) => counted(counts[key], labels.severity[key]));
  return parts.join(", ") || "rien à signaler";
}

/** An element with properties (`class`, `data-…`, `aria-…` and the like as attributes) and children; text stays text. */
function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  return filled(made, attributes, children);
}

function draw(tag, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}
