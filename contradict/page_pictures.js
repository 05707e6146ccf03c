// Who contradicts whom, and when: two pictures of the findings that are shown. Every mark can be clicked and reached by
// keyboard; the lists below the pictures say the same in words.

const SVG = "http://www.w3.org/2000/svg";
const MOST_SPEAKERS = 24;
const MOST_LINES = 400;

const drawn = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

/** What makes a drawn mark a button. */
function acts(label, act) {
  const onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
  return { role: "button", tabindex: "0", "aria-label": clean(label), onclick: act, onkeydown };
}

const titled = (text) => drawn("title", {}, clean(text));
const short = (text, most) => clean(text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Speakers with the number of their findings, most first, and the findings between each two. */
function whoAgainstWhom(shown) {
  const speakers = new Map();
  const lines = new Map();
  for (const finding of shown) {
    const pair = [finding.left.who, finding.right.who].sort();
    for (const who of new Set(pair)) speakers.set(who, (speakers.get(who) ?? 0) + 1);
    const key = JSON.stringify(pair);
    if (!lines.has(key)) lines.set(key, { pair, findings: [] });
    lines.get(key).findings.push(finding);
  }
  return { speakers: [...speakers].sort(([, a], [, b]) => b - a), lines: [...lines.values()] };
}

/** An order around the circle in which those who collide stand close together. */
function around(names, lines) {
  const left = new Set(names);
  const order = [];
  const strength = (name) =>
    lines.reduce((sum, { pair, findings }) => {
      const other = pair[0] === name ? pair[1] : pair[1] === name ? pair[0] : null;
      const place = other === null ? -1 : order.indexOf(other);
      return place < 0 ? sum : sum + findings.length / (order.length - place);
    }, 0);
  while (left.size) {
    const [next] = [...left].map((name) => [name, strength(name)]).sort(([, a], [, b]) => b - a)[0];
    order.push(next);
    left.delete(next);
  }
  return order;
}

function drawPicture(place, shown) {
  const { speakers, lines } = whoAgainstWhom(shown);
  const tally = new Map(speakers.slice(0, MOST_SPEAKERS));
  const kept = lines.filter(({ pair }) => pair.every((who) => tally.has(who)));
  const [width, height, radius] = [1000, 600, 215];
  const names = around([...tally.keys()], kept);
  const spots = new Map(
    names.map((name, number) => {
      const angle = (2 * Math.PI * number) / names.length - Math.PI / 2;
      return [name, { angle, x: width / 2 + radius * Math.cos(angle), y: height / 2 + radius * Math.sin(angle) }];
    }),
  );
  const size = (name) => Math.min(7 + 2.5 * Math.sqrt(tally.get(name)), 22);
  const svg = drawn("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "group",
    "aria-label": `${count(names.length, "speaker")} and the ${count(kept.length, "line")} between them`,
  });
  for (const { pair, findings } of kept) {
    const [from, to] = pair.map((who) => spots.get(who));
    const label = `${pair[0]} against ${pair[1]}: ${count(findings.length, "finding")}`;
    const kind = findings[0].kind;
    const line = drawn(
      "path",
      {
        d: pair[0] === pair[1] ? loop(from) : chord(from, to, width, height),
        class: `line ${kind}`,
        "stroke-width": Math.min(1.5 + 1.5 * Math.sqrt(findings.length), 12),
      },
      titled(label),
    );
    svg.append(drawn("g", acts(label, () => onlyBetween(pair)), line));
  }
  for (const name of names) {
    const { x, y, angle } = spots.get(name);
    const right = Math.cos(angle) >= 0;
    const label = `${name}: ${count(tally.get(name), "finding")}`;
    const gap = size(name) + 6;
    svg.append(
      drawn(
        "g",
        { class: "node", ...acts(label, () => onlyOf(name)) },
        drawn("circle", { cx: x, cy: y, r: size(name) }, titled(label)),
        drawn(
          "text",
          {
            x: x + gap * Math.cos(angle),
            y: y + gap * Math.sin(angle) + 5,
            "text-anchor": Math.abs(Math.cos(angle)) < 0.2 ? "middle" : right ? "start" : "end",
            dy: Math.abs(Math.cos(angle)) < 0.2 ? Math.sign(Math.sin(angle)) * 8 : 0,
          },
          short(name, 28),
        ),
      ),
    );
  }
  const kinds = [...new Set(kept.map(({ findings }) => findings[0].kind))];
  const left = speakers.length - tally.size;
  place.replaceChildren(
    element("h2", {}, "Who against whom"),
    element("p", { class: "quiet" }, "A node is a speaker, a line the findings between two; the thicker, the more. Both open what they stand for.", left > 0 ? ` Left out: ${count(left, "speaker")} with fewer findings.` : ""),
    ...(names.length ? [svg, legend(kinds)] : [element("p", {}, "No findings to show.")]),
    listOf(lines.sort((a, b) => b.findings.length - a.findings.length).slice(0, MOST_LINES)),
  );
}

/** From one spot to another, bent towards the middle. */
function chord(from, to, width, height) {
  const bend = (a, b, middle) => middle + ((a + b) / 2 - middle) * 0.25;
  return `M${from.x},${from.y} Q${bend(from.x, to.x, width / 2)},${bend(from.y, to.y, height / 2)} ${to.x},${to.y}`;
}

/** From a spot to itself, inside of the circle. */
function loop({ x, y, angle }) {
  const at = (turn, far) => `${x - far * Math.cos(angle + turn)},${y - far * Math.sin(angle + turn)}`;
  return `M${x},${y} C${at(0.55, 80)} ${at(-0.55, 80)} ${x},${y}`;
}

const legend = (kinds) =>
  element(
    "ul",
    { class: "legend" },
    ...kinds.map((kind) => {
      const swatch = drawn("svg", { viewBox: "0 0 24 8", "aria-hidden": "true" });
      swatch.append(drawn("path", { d: "M0,4 H24", class: `line ${kind}`, "stroke-width": 4 }));
      return element("li", {}, swatch, kind);
    }),
  );

const listOf = (lines) =>
  element(
    "ul",
    { class: "links" },
    ...lines.map(({ pair, findings }) =>
      element(
        "li",
        {},
        element(
          "button",
          { type: "button", onclick: () => onlyBetween(pair) },
          isolated(pair[0]),
          pair[0] === pair[1] ? " against what they say elsewhere" : " against ",
          ...(pair[0] === pair[1] ? [] : [isolated(pair[1])]),
          `: ${count(findings.length, "finding")}`,
        ),
      ),
    ),
  );

/** Shows the findings between two speakers. */
function onlyBetween(pair) {
  between = pair;
  read();
}

/** Shows the findings of a speaker. */
function onlyOf(name) {
  $("speaker-filter").value = name;
  read();
}

function read() {
  show("reading");
  filter({ focus: true });
}

function drawTimeline(place, shown) {
  const dated = shown.filter(({ left, right }) => Number.isFinite(left.time + right.time)).slice(0, MOST_LINES);
  const times = dated.flatMap(({ left, right }) => [left.time, right.time]);
  const first = times.reduce((a, b) => Math.min(a, b), Infinity);
  const last = times.reduce((a, b) => Math.max(a, b), -Infinity);
  const { speakers } = whoAgainstWhom(dated);
  const lanes = new Map(speakers.slice(0, MOST_SPEAKERS).map(([name], lane) => [name, lane]));
  const kept = dated.filter(({ left, right }) => lanes.has(left.who) && lanes.has(right.who));
  const [width, margin, step] = [900, 230, 34];
  const height = step * lanes.size + 50;
  const at = (side) => ({
    x: margin + 20 + ((side.time - first) / Math.max(last - first, 1)) * (width - margin - 50),
    y: 24 + step * lanes.get(side.who),
  });
  const svg = drawn("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "group",
    "aria-label": `${count(kept.length, "finding")} over time`,
  });
  for (const [name, lane] of lanes) {
    const y = 24 + step * lane;
    svg.append(
      drawn("path", { d: `M${margin},${y} H${width}`, class: "lane" }),
      drawn("text", { x: margin - 10, y: y + 5, "text-anchor": "end" }, short(name, 24), titled(name)),
    );
  }
  for (const finding of kept) {
    const [from, to] = [at(finding.left), at(finding.right)];
    const label = `${finding.left.date} ${finding.left.who} against ${finding.right.date} ${finding.right.who}: ${finding.kind}, ${finding.score.toFixed(2)}`;
    const act = () => select(finding, { focus: true });
    const bend = from.y === to.y ? from.y - step * 0.7 : (from.y + to.y) / 2;
    svg.append(
      drawn(
        "g",
        acts(label, act),
        drawn(
          "path",
          { d: `M${from.x},${from.y} Q${(from.x + to.x) / 2 + 14},${bend} ${to.x},${to.y}`, class: `line ${finding.kind}`, "stroke-width": 2 },
          titled(label),
        ),
        drawn("circle", { cx: from.x, cy: from.y, r: 6, class: "dot" }),
        drawn("circle", { cx: to.x, cy: to.y, r: 6, class: "dot" }),
      ),
    );
  }
  const day = (time) => new Date(time).toISOString().slice(0, 10);
  let free = -Infinity; // from where on there is room for a day's name
  for (const time of [...new Set(times)].sort((a, b) => a - b)) {
    const x = at({ time, who: speakers[0][0] }).x;
    if (x < free) continue;
    free = x + 95;
    svg.append(drawn("text", { x, y: height - 8, "text-anchor": x > width - 60 ? "end" : "middle" }, day(time)));
  }
  place.replaceChildren(
    element("h2", {}, "Timeline"),
    element("p", { class: "quiet" }, `Findings whose two documents have a date, between the days on which they appeared.${kept.length < shown.length ? ` ${kept.length} of ${shown.length} are drawn.` : ""}`),
    ...(kept.length ? [svg, legend([...new Set(kept.map(({ kind }) => kind))])] : [element("p", {}, "No dated findings to show.")]),
  );
}

start();
