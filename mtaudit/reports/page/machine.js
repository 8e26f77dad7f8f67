// Whether a machine translated an article: the verdict, what it rests on, and where that stands in the text.

const VERDICTS = ["likely", "unclear", "no sign", "unjudged"];

function verdictOf(article) {
  return (article.machine && article.machine.verdict) || "unjudged";
}

/** « × 3,3 », « ÷ 2,0 »: what a weight in log-odds does to the odds. */
function times(weight) {
  const factor = Math.exp(Math.abs(weight));
  return `${weight < 0 ? "÷" : "×"}${SPACE}${factor < 1000 ? tenths.format(factor) : `plus de 1${SPACE}000`}`;
}

function machineOf(article) {
  const found = article.machine;
  if (!found) return null;
  const numbered = found.clues.map((clue, number) => [clue, number]);
  const signals = found.signals.map(([name, weight]) => `${labels.signal[name] || name}${SPACE}${times(weight)}`);
  return make("div", { class: "machine" },
    make("p", {}, make("span", { class: "judged", "data-verdict": verdictOf(article) }, found.said),
      article.origin ? `${SPACE}· ${article.origin}` : ""),
    cluesOf("Indices", numbered.filter(([clue]) => clue[1] > 0)),
    cluesOf("Indices contraires", numbered.filter(([clue]) => clue[1] < 0)),
    signals.length ? make("p", { class: "signals" },
      `Ce qui multiplie ou divise la cote d’une machine${SPACE}: ${signals.join(`${SPACE}· `)}`) : null);
}

function cluesOf(title, clues) {
  if (!clues.length) return null;
  return make("div", { class: "clues" },
    make("h3", {}, title),
    make("ul", {}, ...clues.map(([[label, , places], number]) => make("li", {}, places.length
      ? make("button", { type: "button", "data-clue": number, "aria-pressed": "false" }, label, make("span", { class: "where" }, whereOf(places)))
      : make("span", { class: "trait" }, label)))));
}

/** « 3 fois », or « 2 sur 3 » for the one that is shown; nothing for a clue that stands in one place. */
function whereOf(places, shown) {
  const count = places.length / 2;
  if (count < 2) return "";
  return SPACE + (shown === undefined ? `${wholes.format(count)}${SPACE}fois` : `${wholes.format(shown + 1)}${SPACE}sur${SPACE}${wholes.format(count)}`);
}

/** The places of a clue as the text is to mark them. */
function placesOf(article, number) {
  const flat = number < 0 ? [] : article.machine.clues[number][2];
  return flat.flatMap((start, at) => (at % 2 ? [] : [{ start, end: flat[at + 1], number: at / 2 }]));
}
