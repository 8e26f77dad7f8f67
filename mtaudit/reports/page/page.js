// What is shown, and what keys and clicks do.
const $ = (id) => document.getElementById(id);
const body = document.body;
const main = $("main");
const notes = $("notes");
const small = matchMedia("(max-width: 46rem)");
const SINGLE = articles.length === 1;
let listed = [];
let current = null;
let active = -1;
let pointed = { clue: -1, at: 0 };

/** The address says what is shown, so that the way back and a link to an article work. */
function open(article, replace) {
  const address = article ? `#article=${encodeURIComponent(article.address)}` : "#ensemble";
  if (location.hash === address) show(article);
  else if (replace) { history.replaceState(null, "", address); show(article); }
  else location.hash = address;
}

function fromAddress() {
  const [, id] = /^#article=(.*)$/.exec(location.hash) || [];
  let wanted = SINGLE ? articles[0] : null;
  try {
    wanted = addresses.get(decodeURIComponent(id || "")) || wanted;
  } catch { /* an address that was cut off */ }
  show(wanted, location.hash === "#liste");
}

function show(article, asList) {
  current = article;
  active = -1;
  pointed = { clue: -1, at: 0 };
  const view = asList && small.matches ? "list" : article ? "article" : "overview";
  body.dataset.view = view;
  main.replaceChildren(...(view === "list" ? [] : [article ? articleView(article) : overviewView()]));
  main.tabIndex = view === "list" ? -1 : 0;
  main.scrollTop = 0;
  notes.replaceChildren();
  if (article) {
    notes.append(...article.shown.map((issue, number) => noteOf(article, issue, number)));
    if (!article.shown.length) {
      const hidden = article.issues.length;
      notes.append(make("li", { class: "nothing" }, article.triage === "foreign" ? "Cet article n’est pas en français : il n’a pas été audité." :
        hidden ? "Les filtres cachent tous les signalements de cet article." : "Rien à signaler."));
    }
    document.title = `${article.name} — audit de traduction`;
  }
  for (const link of $("list").querySelectorAll("a")) {
    if (article && Number(link.dataset.article) === article.index) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  place();
}

function articleView(article, prefix) {
  const back = make("button", { type: "button", class: "back", "data-list": true }, "← Articles");
  return make("article", { class: "article" }, SINGLE || prefix ? null : back, ...heading(article), textOf(article, prefix));
}

function overviewView() {
  document.title = "Audit de traduction";
  const back = make("button", { type: "button", class: "back", "data-list": true }, "← Articles");
  return make("div", { class: "overview" }, SINGLE ? null : back, ...overview(listed));
}

function place() {
  const many = current ? current.shown.length : 0;
  $("position").textContent = !many ? "" : active < 0 ? counted(many, "signalement") : `${active + 1} sur ${many}`;
  const at = listed.indexOf(current);
  $("previous").disabled = active <= 0 && at <= 0;
  $("next").disabled = active + 1 >= many && at + 1 >= listed.length;
}

function select(number, { focus = "", closed = false } = {}) {
  for (const old of document.querySelectorAll(".mark.active, .note.open")) old.classList.remove("active", "open");
  for (const old of notes.querySelectorAll("[aria-expanded='true']")) old.setAttribute("aria-expanded", "false");
  active = closed ? -1 : number;
  if (active >= 0 && current && current.shown[active]) {
    const marks = main.querySelectorAll(`.mark[data-issue="${active}"]`);
    marks.forEach((mark) => mark.classList.add("active"));
    const note = $(`note-${active}`);
    note.classList.add("open");
    const head = note.querySelector("button");
    head.setAttribute("aria-expanded", "true");
    if (marks[0]) marks[0].scrollIntoView({ block: "nearest", inline: "nearest" });
    note.scrollIntoView({ block: "nearest" });
    if (focus === "mark" && marks[0]) marks[0].focus({ preventScroll: true });
    if (focus === "note") head.focus({ preventScroll: true });
  }
  place();
}

/** Marks the places of a clue and brings the first into view, at each further call the next, then none. */
function point(clue) {
  const places = placesOf(current, clue);
  const at = clue === pointed.clue ? pointed.at + 1 : 0;
  pointed = at < places.length ? { clue, at } : { clue: -1, at: 0 };
  for (const button of main.querySelectorAll(".machine [data-clue]")) {
    const number = Number(button.dataset.clue);
    const isShown = number === pointed.clue;
    button.setAttribute("aria-pressed", String(isShown));
    button.querySelector(".where").textContent = whereOf(current.machine.clues[number][2], isShown ? pointed.at : undefined);
  }
  const box = textOf(current, "", pointed.clue < 0 ? [] : places);
  main.querySelector(".text").replaceWith(box);
  if (active >= 0) box.querySelectorAll(`.mark[data-issue="${active}"]`).forEach((mark) => mark.classList.add("active"));
  const here = pointed.clue < 0 ? [] : [...box.querySelectorAll(`[data-place="${pointed.at}"]`)];
  here.forEach((place) => place.classList.add("here"));
  if (here[0]) here[0].scrollIntoView({ block: "center", inline: "nearest" });
}

function step(by) {
  if (!current) { if (listed.length && by > 0) turn(by); return; }
  const next = active < 0 && by < 0 ? -1 : active + by;
  if (next >= 0 && next < current.shown.length) select(next, { focus: "mark" });
  else turn(by, by < 0);
}

/** To the next article; `last` selects its last issue. */
function turn(by, last) {
  const at = listed.indexOf(current);
  const next = listed[current ? at + by : 0];
  if (!next || (current && at < 0 && by < 0)) return;
  open(next, Boolean(current));
  if (current === next) arrived(last);
  else addEventListener("hashchange", () => arrived(last), { once: true });
}

function arrived(last) {
  if (!current) return;
  if (current.shown.length) select(last ? current.shown.length - 1 : 0, { focus: "mark" });
  else $("title").focus();
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea", { class: "unseen" }, text);
    body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  if (!button) return;
  const said = button.textContent;
  button.textContent = "Copié";
  setTimeout(() => { button.textContent = said; }, 1500);
}

function buildList() {
  for (const name of LANES) {
    const members = ordered.filter((article) => article.triage === name);
    if (!members.length) continue;
    $("list").append(make("section", { "data-lane": name },
      make("h2", { "data-lane": name }, make("span", {}, capital(labels.triage[name])), make("span", { class: "lane-count" })),
      make("ul", {}, ...members.map((article) => make("li", {},
        make("a", { href: `#article=${encodeURIComponent(article.address)}`, "data-article": article.index },
          make("span", { class: "name" }, article.name),
          make("span", { class: "under" },
            make("span", {}, article.outlet || (article.title ? article.id : article.triage === "foreign" ? article.language : `score ${tenths.format(article.score)}`)),
            make("span", { class: "tally" }))))))));
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function buildFilters() {
  const titles = { severity: "Gravité", category: "Catégorie", region: "Endroit" };
  const order = {
    severity: SEVERITIES,
    category: Object.keys(labels.category),
    region: Object.keys(labels.region),
  };
  for (const key of Object.keys(titles)) {
    const values = order[key].filter((value) => every[key].has(value));
    if (!values.length) continue;
    $("filter-form").append(make("fieldset", {}, make("legend", {}, titles[key]), ...values.map((value) =>
      make("label", {},
        make("input", { type: "checkbox", name: key, value, checked: true }),
        make("span", { class: key === "severity" ? value : null }, key === "severity" ? capital(`${labels.severity[value]}s`) : capital(labels[key][value] || value)),
        make("span", {}, wholes.format(every[key].get(value)))))));
  }
  if (verdicts.size) {
    $("filter-form").append(make("fieldset", {}, make("legend", {}, "Traduction automatique"),
      ...VERDICTS.filter((value) => verdicts.has(value)).map((value) => make("label", {},
        make("input", { type: "checkbox", name: "verdict", value, checked: true }),
        make("span", {}, capital(labels.verdict[value])),
        make("span", {}, wholes.format(verdicts.get(value)))))));
  }
  $("filter-form").append(
    make("button", { type: "button", id: "none" }, "Tout décocher"), " ",
    make("button", { type: "reset" }, "Tout cocher"));
}

function refresh() {
  listed = choose();
  for (const link of $("list").querySelectorAll("a")) {
    const article = articles[Number(link.dataset.article)];
    link.parentElement.hidden = !article.listed;
    if (article.listed) {
      const counts = tally(article.shown);
      const parts = SEVERITIES.filter((key) => counts[key]).map((key) => make("b", { class: key },
        `${wholes.format(counts[key])}${SPACE}${labels.short[key]}`));
      if (verdictOf(article) === "likely") parts.unshift(make("b", { class: "likely" }, "trad. auto."));
      link.querySelector(".tally").replaceChildren(...parts);
    }
  }
  for (const section of $("list").children) {
    const count = listed.filter((article) => article.triage === section.dataset.lane).length;
    section.hidden = !count;
    section.querySelector(".lane-count").textContent = wholes.format(count);
  }
  const issues = listed.reduce((sum, article) => sum + article.shown.length, 0);
  $("count").textContent = listed.length
    ? `${counted(issues, "signalement")}, ${counted(listed.length, "article")}`
    : "Aucun article ne répond à ces critères.";
  $("filtered").textContent = isFiltered() ? "(actifs)" : "";
  $("filtered").classList.toggle("unseen", !isFiltered());
}

function changed() {
  for (const key of [...Object.keys(every), "verdict"]) {
    const boxes = [...$("filter-form").elements].filter((box) => box.name === key && box.checked);
    chosen[key] = new Set(boxes.map((box) => box.value));
  }
  chosen.query = $("search").value;
  refresh();
  show(current, body.dataset.view === "list");
}

function printAll() {
  const box = make("div", { class: "printed" }, ...listed.map((article) => {
    const view = articleView(article, "print");
    view.querySelector("h2").removeAttribute("id");
    view.append(make("ol", {}, ...article.shown.map((issue, number) => noteOf(article, issue, number, "print"))));
    return view;
  }));
  main.append(box);
  body.dataset.printing = "";
  addEventListener("afterprint", () => { box.remove(); delete body.dataset.printing; }, { once: true });
  print();
}

const THEMES = { "": "dark", dark: "light", light: "" };
function turnTheme() {
  const next = THEMES[document.documentElement.dataset.theme || ""];
  if (next) document.documentElement.dataset.theme = next;
  else delete document.documentElement.dataset.theme;
  $("theme").textContent = { "": "Thème", dark: "Thème sombre", light: "Thème clair" }[next];
}

const KEYS = {
  j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1),
  J: () => turn(1), K: () => turn(-1), v: () => open(null), "?": () => $("help").showModal(),
  "/": () => { if (body.dataset.view === "article" && innerWidth < 736) location.hash = "#liste"; $("search").focus(); },
  c: () => {
    const button = active >= 0 && $(`note-${active}`).querySelector("[data-copy]");
    if (button) copy(button.dataset.copy, button);
  },
};

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (target.matches("input, textarea, select")) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if ((event.key === "Enter" || event.key === " ") && target.matches(".mark")) {
    event.preventDefault();
    select(Number(target.dataset.issue), { focus: "note" });
  } else if (event.key === "Escape" && pointed.clue >= 0) {
    point(-1);
  } else if (event.key === "Escape" && active >= 0) {
    select(active, { closed: true });
  } else if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

main.addEventListener("click", (event) => {
  const mark = event.target.closest(".mark");
  const clue = event.target.closest(".machine [data-clue]");
  if (mark) select(Number(mark.dataset.issue));
  else if (clue) point(Number(clue.dataset.clue));
  else if (event.target.closest("[data-list]")) location.hash = "#liste";
  else if (event.target.closest("#print-all")) printAll();
});
notes.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy !== undefined) copy(button.dataset.copy, button);
  else {
    const number = Number(button.dataset.issue);
    select(number, { closed: number === active });
  }
});
$("list").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && link.hash === location.hash) show(articles[Number(link.dataset.article)]);
});
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("to-overview").addEventListener("click", () => open(null));
$("theme").addEventListener("click", turnTheme);
$("keys").addEventListener("click", () => $("help").showModal());
$("filter-form").addEventListener("change", changed);
$("filter-form").addEventListener("submit", (event) => event.preventDefault());
$("filter-form").addEventListener("reset", () => setTimeout(changed));
$("filter-form").addEventListener("click", (event) => {
  if (event.target.id !== "none") return;
  for (const box of $("filter-form").elements) if (box.type === "checkbox") box.checked = false;
  changed();
});
let waiting = 0;
$("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 120); });
addEventListener("hashchange", fromAddress);
small.addEventListener("change", fromAddress);

body.toggleAttribute("data-single", SINGLE);
$("headline").textContent = [
  counted(articles.length, "article"),
  ...LANES.map((name) => [articles.filter((article) => article.triage === name).length, name])
    .filter(([count]) => count).map(([count, name]) => `${wholes.format(count)} ${lane(count, name)}`),
].join(" · ");
buildList();
buildFilters();
refresh();
fromAddress();
document.documentElement.dataset.ready = "";
