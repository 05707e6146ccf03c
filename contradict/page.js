// The page of findings: a queue, verdicts, filters, the whole documents. The passages themselves are HTML already.
// What comes from documents is set as text, never as markup.

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const findings = data.findings; // in the order of the page: best first
const VERDICTS = { conflict: "Conflict", no_conflict: "Not a conflict", unsure: "Unsure" };
const FILTERS = ["kind", "speaker", "document", "score", "verdict"];
const MARKS = { conflict: "●", no_conflict: "○", unsure: "?" };

for (const [number, finding] of findings.entries()) {
  finding.place = number + 1;
  finding.article = $(`finding-${finding.id}`);
  finding.draft = { kind: finding.kind, note: "" };
  finding.verdict = finding.state = ""; // what its place in the queue shows
}
const byId = new Map(findings.map((finding) => [finding.id, finding]));

let current = null; // the finding that is read
let scope = findings; // those that the filters let through whatever their verdict
let shown = findings; // those of them with a verdict that is asked for
let between = null; // two speakers whose findings alone are shown
for (const side of findings.flatMap(({ left, right }) => [left, right])) side.time = Date.parse(side.date ?? "");
const dated = new Set(findings.flatMap(({ left, right }) => [left.time, right.time]).filter(Number.isFinite)).size > 1;

let journal; // where verdicts are kept, and in what state

// Text ---------------------------------------------------------------------------------------------

// Controls that no browser shows alike, and those that turn the direction of what follows.
const UNSHOWN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
const clean = (text) => text.replace(UNSHOWN, "\ufffd");

const element = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);

/** An element with attributes, listeners (as `onclick`) and children. */
function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const isolated = (text) => element("bdi", {}, clean(text));
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function say(text) {
  $("status").textContent = clean(text);
}

// Verdicts -----------------------------------------------------------------------------------------

const unique = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

/** A list in this browser's storage, shared by all windows; in memory where there is no storage. */
class Shelf {
  constructor(key) {
    this.key = key;
    this.memory = [];
    this.durable = true;
  }
  read() {
    try {
      const read = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return this.durable && Array.isArray(read) ? read : this.memory;
    } catch {
      return this.memory;
    }
  }
  write(items) {
    this.memory = items;
    try {
      localStorage.setItem(this.key, JSON.stringify(items));
      this.durable = true;
    } catch {
      this.durable = false; // none, or none left
    }
  }
}

/** Keeps verdicts in this browser: for a page that was opened as a file. Same methods as `ServerBook`. */
class BrowserBook {
  shelf = new Shelf("contradict:verdicts"); // of all such pages: a finding's verdicts are those of its id
  async load() {
    return this.shelf.read().filter((event) => !event.undone && byId.has(event.finding));
  }
  latest(finding) {
    return this.shelf.read().findLast((event) => event.finding === finding && !event.undone) ?? null;
  }
  async save({ finding, verdict, kind, note, seen, request }) {
    const now = this.latest(finding);
    if ((now?.event ?? 0) !== seen) return { refused: true, now };
    const event = this.shelf.read().length + 1;
    this.shelf.write([
      ...this.shelf.read(),
      { event, finding, verdict, kind, note, request, at: new Date().toISOString() },
    ]);
    return { event };
  }
  async undo({ event, finding }) {
    const now = this.latest(finding);
    if (now?.event !== event) return { refused: true, now };
    this.shelf.write(this.shelf.read().map((each) => (each.event === event ? { ...each, undone: true } : each)));
    return { event: null };
  }
}

/** Keeps verdicts with the program that serves this page. */
class ServerBook {
  async load() {
    const answer = await fetch("verdicts", { cache: "no-store" });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
  save(change) {
    return this.post("verdicts", change);
  }
  undo(change) {
    return this.post("undo", change);
  }
  async post(path, change) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(change),
    });
    if (answer.ok || answer.status === 409) return answer.json();
    const reason = (await answer.text()) || `status ${answer.status}`;
    if (answer.status === 400) return { refused: true, reason };
    throw new Error(reason);
  }
}

/**
 * The verdicts of this page, and what of them is on its way to the book. A change is shown at once; until the book has
 * taken it, it waits in this browser's storage, so that neither a stopped program nor a closed window loses it. Each has
 * an id of its own: sent twice, it counts once. A verdict says which one it replaces (`seen`), an undo which one it takes
 * back (`of`): by its number in the book or, while it has none, by its id.
 */
class Journal {
  constructor(book) {
    this.book = book;
    this.outbox = new Shelf("contradict:waiting");
    this.waiting = this.outbox.read().filter((change) => byId.has(change.finding));
    this.sending = null; // the change that is on its way
    this.taken = 0; // how many the book has answered
    this.stacks = new Map(); // finding → its verdicts that stand, replaced ones too, latest last
    this.made = []; // all of these
  }
  async load() {
    let events, taken;
    do {
      taken = this.taken;
      events = await this.book.load();
    } while (taken !== this.taken); // older than what was answered meanwhile
    for (const { request, event } of events) this.settle(request, event);
    this.made = [];
    this.stacks = new Map();
    for (const entry of events) this.add(entry);
    for (const change of this.waiting) {
      if (change.undo) this.drop(this.made.find((each) => (each.event ?? each.id) === change.of));
      else this.add(change);
    }
  }
  add(entry) {
    this.made.push(entry);
    if (!this.stacks.has(entry.finding)) this.stacks.set(entry.finding, []);
    this.stacks.get(entry.finding).push(entry);
  }
  drop(entry) {
    if (!entry) return;
    this.made = this.made.filter((each) => each !== entry);
    this.stacks.set(entry.finding, this.stacks.get(entry.finding).filter((each) => each !== entry));
  }
  /** The verdict that a finding shows, sent or not. */
  of(finding) {
    return this.stacks.get(finding)?.at(-1) ?? null;
  }
  judge(finding, verdict, kind, note) {
    const before = this.of(finding);
    const change = { id: unique(), finding, verdict, kind, note, seen: before?.event ?? before?.id ?? 0 };
    this.add(change);
    this.enqueue(change);
  }
  /** Takes back the latest verdict, and returns it. */
  undo() {
    const latest = this.made.at(-1);
    if (!latest) return null;
    this.drop(latest);
    if (this.waiting.includes(latest) && latest !== this.sending) this.dequeue(latest);
    else this.enqueue({ id: unique(), undo: true, finding: latest.finding, of: latest.event ?? latest.id });
    return latest;
  }
  enqueue(change) {
    this.waiting.push(change);
    this.outbox.write([...this.outbox.read(), change]);
    this.send();
  }
  dequeue(...changes) {
    const gone = new Set(changes.map(({ id }) => id));
    this.waiting = this.waiting.filter(({ id }) => !gone.has(id));
    this.outbox.write(this.outbox.read().filter(({ id }) => !gone.has(id)));
  }

  /** Sends what waits, one after the other. */
  async send() {
    if (this.sending) return;
    while (this.waiting.length) {
      const change = (this.sending = this.waiting[0]);
      try {
        const { id: request, of: event } = change;
        const answer = await (change.undo ? this.book.undo({ ...change, event }) : this.book.save({ ...change, request }));
        this.taken += 1;
        if (answer.refused) this.refuse(change, answer);
        else this.settle(change.id, answer.event);
      } catch (error) {
        this.sending = null;
        return this.onTrouble(error);
      }
      this.sending = null;
      this.onTaken(change);
    }
  }
  /** A change is in the book, under this number; what refers to it does so by the number from now on. */
  settle(id, event) {
    const change = this.waiting.find((each) => each.id === id);
    if (!change) return;
    change.event = event;
    for (const each of this.waiting) {
      if (each.of === id) each.of = event;
      if (each.seen === id) each.seen = event;
    }
    this.dequeue(change);
    const renewed = new Map(this.waiting.map((each) => [each.id, each]));
    this.outbox.write(this.outbox.read().map((each) => renewed.get(each.id) ?? each));
  }
  /** The book does not take a change; so it does not take what refers to it either. */
  refuse(change, answer) {
    const gone = [change];
    for (const each of this.waiting) if (gone.some(({ id }) => each.of === id || each.seen === id)) gone.push(each);
    this.dequeue(...gone);
    this.onRefused(change, answer);
  }
}

function judge(verdict) {
  if (!current || $("verdict").hidden) return;
  const judged = current;
  journal.judge(judged.id, verdict, $("kind").value, $("note").value.trim());
  showVerdicts(judged);
  const open = (finding) => finding !== judged && !finding.verdict;
  const place = shown.indexOf(judged);
  const next = shown.slice(place + 1).find(open) ?? shown.find(open);
  filter({ keep: next ?? judged, focus: Boolean(next) && focusGoesAlong() });
  say(`${judged.place}: ${VERDICTS[verdict]}. ${$("done").textContent}.${next ? "" : " All shown here have a verdict."}`);
}

/** With the focus in a passage, or nowhere, it goes to the next finding's heading; on a button it stays there. */
const focusGoesAlong = () => !document.activeElement?.closest("#verdict, #queue");

function undo() {
  const undone = journal.undo();
  const finding = byId.get(undone?.finding);
  if (!finding) return say("Nothing to undo.");
  const same = journal.of(finding.id)?.verdict === undone.verdict;
  finding.draft = { kind: undone.kind, note: undone.note };
  showVerdicts(finding);
  filter({ keep: finding, focus: focusGoesAlong() });
  say(`${finding.place}: ${same ? "change of kind or note" : "verdict"} taken back.`);
}

/** A change of kind or note of a finding that has a verdict is kept at once; of another, with its verdict. */
function amend() {
  const verdict = journal.of(current.id);
  const [kind, note] = [$("kind").value, $("note").value.trim()];
  current.draft = { kind, note };
  if (!verdict) return say(`${current.place}: kept once you give a verdict.`);
  if (verdict.kind === kind && verdict.note === note) return;
  journal.judge(current.id, verdict.verdict, kind, note);
  showVerdicts(current);
  say(`${current.place}: changed.`);
}

/** Shows the verdicts that some findings have now. */
function showVerdicts(...changed) {
  for (const finding of changed) {
    const entry = journal.of(finding.id);
    const state = entry ? [entry.verdict, entry.kind, entry.note].join() : "";
    if (state === finding.state) continue; // what is being typed for it stays
    const name = entry ? VERDICTS[entry.verdict] : "no verdict";
    finding.state = state;
    finding.verdict = finding.item.dataset.verdict = entry?.verdict ?? "";
    finding.item.lastChild.textContent = entry ? MARKS[entry.verdict] : "";
    finding.item.lastChild.title = finding.item.lastChild.ariaLabel = name;
    finding.given ??= finding.article.appendChild(element("p", { class: "given" }));
    finding.given.textContent = entry ? clean(`Verdict: ${name} (${entry.kind}). ${entry.note}`) : "";
    if (finding === current) fillForm();
  }
  showProgress();
}

function showProgress() {
  const done = scope.reduce((sum, finding) => sum + (finding.verdict ? 1 : 0), 0);
  $("progress").max = Math.max(scope.length, 1);
  $("progress").value = done;
  $("done").textContent = `${done} of ${scope.length} done`;
  $("undo").disabled = !journal.made.length;
}

function fillForm() {
  const verdict = journal.of(current.id);
  for (const button of document.querySelectorAll("[data-verdict][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict?.verdict));
  }
  const { kind, note } = verdict ?? current.draft;
  $("kind").value = kind;
  $("note").value = note;
}

/** What cannot be sent now waits. The notice changes only when its words do, since it is read out. */
let retry;
function onTrouble(error) {
  const kept = journal.outbox.durable
    ? "They wait in this browser and are sent again. If the program was stopped, start it again and open the address " +
      "that it prints."
    : "This browser keeps nothing, so leave this page open until they are saved.";
  const text = clean(
    `${count(journal.waiting.length, "change")} not saved yet: the program behind this page does not answer or refuses ` +
      `(${error.message}). ${kept}`,
  );
  if ($("trouble-text").textContent !== text) $("trouble-text").textContent = text;
  $("trouble").hidden = false;
  clearTimeout(retry);
  retry = setTimeout(() => journal.send(), 2000);
}

function onTaken(change) {
  $("trouble").hidden = true;
  if (journal.book.shelf?.durable === false) {
    $("trouble-text").textContent = "This browser keeps nothing: save the verdicts before you close this page.";
    $("trouble").hidden = false;
  }
  const finding = byId.get(change.finding);
  if (finding) showVerdicts(finding);
}

function onRefused(change, { now, reason }) {
  const finding = byId.get(change.finding);
  const theirs = now ? `“${VERDICTS[now.verdict]}”` : "none";
  const wanted = change.undo ? "to undo it" : `“${VERDICTS[change.verdict]}”`;
  const why = reason ?? `its verdict was changed in another window meanwhile: it is ${theirs} now, and you wanted ${wanted}`;
  const notice = element("p", {}, clean(`${finding.place} is not changed: ${why}. `));
  const close = () => {
    notice.remove();
    $("refused").hidden = !$("refused").children.length;
  };
  notice.append(
    element("button", { type: "button", onclick: () => (close(), reveal(finding)) }, "Show it"),
    " ",
    element("button", { type: "button", onclick: close }, "Close"),
  );
  $("refused").append(notice);
  $("refused").hidden = false;
  journal.load().then(() => showVerdicts(...findings), onTrouble);
}

/** What other windows have decided meanwhile. */
async function refresh() {
  if (journal.waiting.length) return journal.send();
  try {
    await journal.load();
  } catch {
    return; // the next verdict will tell
  }
  showVerdicts(...findings);
}

// The queue ----------------------------------------------------------------------------------------

function buildQueue() {
  $("queue").append(
    ...findings.map((finding) => {
      const side = ({ who, text }) =>
        element("span", { class: "side" }, element("b", {}, isolated(who)), ": ", isolated(text));
      finding.item = element(
        "li",
        { "data-verdict": "" },
        element(
          "a",
          { href: `#finding-${finding.id}`, tabindex: "-1" },
          element("span", { class: "head" }, `${finding.place} · ${finding.score.toFixed(2)} ${finding.kind}`),
          side(finding.left),
          side(finding.right),
        ),
        element("span", { class: "state", role: "img", "aria-label": "no verdict" }),
      );
      return finding.item;
    }),
  );
  $("queue").addEventListener("click", (event) => {
    const item = event.target.closest("li");
    const finding = item && findings.find((each) => each.item === item);
    if (!finding) return;
    event.preventDefault();
    select(finding, { focus: true });
  });
}

/** Reads a finding; `focus` says where the focus goes: to its heading (true), to its place in the queue, or nowhere. */
function select(finding, { focus = false } = {}) {
  if (current === finding && !focus) return;
  (current?.article ?? document.querySelector("article.current"))?.classList.remove("current");
  current?.item.classList.remove("current");
  current?.item.firstChild.removeAttribute("aria-current");
  current?.item.firstChild.setAttribute("tabindex", "-1");
  current = finding;
  $("verdict").hidden = !finding || $("reading").hidden;
  $("nothing").hidden = Boolean(finding);
  if (!finding) return;
  finding.article.classList.add("current");
  finding.item.classList.add("current");
  const link = finding.item.firstChild;
  link.setAttribute("aria-current", "true");
  link.setAttribute("tabindex", "0");
  const [queue, item] = [$("queue").getBoundingClientRect(), finding.item.getBoundingClientRect()];
  if (item.top < queue.top || item.bottom > queue.bottom) $("queue").scrollTop += item.top - queue.top - queue.height / 3;
  fillForm();
  if (!document.body.dataset.ready) return; // while the page loads, the browser would scroll to the address
  history.replaceState(null, "", `#finding-${finding.id}`);
  if (focus && $("reading").hidden) show("reading");
  if (focus) (focus === "queue" ? link : finding.article.querySelector("h2")).focus({ preventScroll: true });
  const { top } = finding.article.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) finding.article.scrollIntoView();
  for (const passage of finding.article.querySelectorAll("blockquote")) {
    const mark = passage.querySelector("mark");
    passage.scrollTop = mark.offsetTop - passage.offsetTop - passage.clientHeight / 3;
  }
}

function step(by) {
  const place = shown.indexOf(current);
  const next = shown[place < 0 ? 0 : place + by];
  const focus = document.activeElement?.closest("#queue") ? "queue" : true;
  if (!next) return say(by > 0 ? "This is the last finding shown." : "This is the first finding shown.");
  select(next, { focus });
  say("");
}

/** Reads a finding whatever the filters let through: they give way. */
function reveal(finding) {
  if (!shown.includes(finding)) clearFilters();
  select(finding, { focus: true });
}

const addressed = () => byId.get(location.hash.replace("#finding-", ""));

// Filters ------------------------------------------------------------------------------------------

function options(select, all, values) {
  const tally = new Map();
  for (const value of values) tally.set(value, (tally.get(value) ?? 0) + 1);
  const sorted = [...tally].sort(([, a], [, b]) => b - a);
  const made = sorted.map(([value, number]) => element("option", { value }, `${clean(value)} (${number})`));
  select.replaceChildren(element("option", { value: "" }, all), ...made);
}

function buildFilters() {
  const sides = (read) => findings.flatMap((each) => [...new Set([read(each.left), read(each.right)])]);
  options($("kind-filter"), "all kinds", findings.map((finding) => finding.kind));
  options($("speaker-filter"), "all speakers", sides((side) => side.who));
  options($("document-filter"), "all documents", sides((side) => side.document));
  const flagged = findings.filter((finding) => finding.flagged).length;
  $("score-filter").append(
    element("option", { value: "0" }, "all scores"),
    element("option", { value: "flagged" }, `flagged (${flagged})`),
    ...[0.25, 0.5, 0.75].map((least) => element("option", { value: least }, `${least.toFixed(2)} or more`)),
  );
  $("verdict-filter").append(
    element("option", { value: "" }, "all"),
    element("option", { value: "open" }, "without verdict"),
    ...Object.entries(VERDICTS).map(([value, name]) => element("option", { value }, name)),
  );
  if (flagged && flagged < findings.length) $("score-filter").value = "flagged";
  $("kind").append(...data.kinds.map((kind) => element("option", { value: kind }, kind)));
  for (const id of FILTERS) $(`${id}-filter`).addEventListener("change", () => filter());
  $("search").addEventListener("input", () => filter());
  $("clear-filters").addEventListener("click", clearFilters);
}

function clearFilters() {
  $("search").value = "";
  between = null;
  for (const id of FILTERS) $(`${id}-filter`).selectedIndex = 0;
  filter();
}

/** Shows what the filters let through; `keep` is shown whatever its verdict, and selected; for `focus` see `select`. */
function filter({ keep = current, focus = false } = {}) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [kind, who, place, score, wanted] = FILTERS.map((id) => $(`${id}-filter`).value);
  const enough = (finding) => (score === "flagged" ? finding.flagged : finding.score >= Number(score));
  const lets = (finding) => {
    const sides = [finding.left, finding.right];
    return (
      (!between || [finding.left.who, finding.right.who].sort().join() === between.join()) &&
      (!kind || finding.kind === kind) &&
      (!who || sides.some((side) => side.who === who)) &&
      (!place || sides.some((side) => side.document === place)) &&
      enough(finding) &&
      (!words.length || words.every((word) => textOf(finding).includes(word)))
    );
  };
  scope = findings.filter(lets);
  const asked = (finding) => (wanted === "open" ? !finding.verdict : finding.verdict === wanted) || finding === keep;
  shown = wanted ? scope.filter(asked) : scope;
  const visible = new Set(shown);
  for (const finding of findings) {
    const hidden = !visible.has(finding);
    if (hidden === Boolean(finding.hidden)) continue;
    finding.hidden = finding.item.hidden = finding.article.hidden = hidden;
  }
  const pair = between ? `, between ${between.join(" and ")}` : "";
  const free = !pair && !words.length && !kind && !who && !place && score === "0" && !wanted;
  $("shown").textContent = free ? "" : clean(`${shown.length} of ${findings.length} findings shown${pair}`);
  showProgress();
  select(visible.has(keep) ? keep : (shown[0] ?? null), { focus });
  draw();
}

/** The words of a finding and of the reviewer's note, for the search. */
function textOf(finding) {
  finding.words ??= finding.article.textContent.toLowerCase();
  return `${finding.words} ${(journal.of(finding.id) ?? finding.draft).note.toLowerCase()}`;
}

// Whole documents ----------------------------------------------------------------------------------

let openSide = null;

function showDocument(side) {
  openSide = side;
  const other = side === "left" ? "right" : "left";
  const { document: name } = current[side];
  const known = Object.hasOwn(data.documents, name) ? data.documents[name] : null;
  $("document-name").replaceChildren(isolated(name));
  $("document-facts").textContent = clean([known?.outlet, known?.date].filter(Boolean).join(", "));
  $("other-document").hidden = current[other].document === name;
  $("other-document").replaceChildren("To ", isolated(current[other].document));
  const text = $("document-text");
  if (!known) {
    text.replaceChildren(
      "The whole document is not at hand. Start the review with --documents and the path of the documents, or from the " +
        "folder that they are in.",
    );
  } else {
    const spans = ["left", "right"]
      .filter((each) => current[each].document === name)
      .map((each) => [current[each].start, current[each].end])
      .sort(([a], [b]) => a - b);
    text.replaceChildren(...marked(known, spans));
  }
  if (!$("document").open) $("document").showModal();
  text.querySelector("mark")?.scrollIntoView({ block: "center" });
  $("document-name").focus();
}

/** A document's text as nodes. Offsets count characters, of which some take two units of a script's strings. */
function* marked(known, spans) {
  known.characters ??= /[\ud800-\udbff][\udc00-\udfff]/.test(known.text) ? Array.from(known.text) : known.text;
  const part = (from, to) => clean([].concat(known.characters.slice(from, to)).join(""));
  let done = 0;
  for (const [start, end] of spans) {
    if (start < done) continue; // inside the one before
    yield part(done, start);
    yield element("mark", {}, part(start, end));
    done = end;
  }
  yield part(done);
}

// Views, keys, start -------------------------------------------------------------------------------

function show(view) {
  for (const button of document.querySelectorAll("[data-view]")) {
    const on = button.dataset.view === view;
    button.setAttribute("aria-pressed", String(on));
    $(button.dataset.view).hidden = !on;
  }
  $("verdict").hidden = view !== "reading" || !current;
  draw();
}

function toggle(view) {
  const next = $(view).hidden ? view : "reading";
  show(next);
  $(next).focus({ preventScroll: true });
}

/** Draws the picture that is open, of the findings that are shown. */
function draw() {
  if (!$("picture").hidden) drawPicture($("picture"), shown);
  if (!$("timeline").hidden) drawTimeline($("timeline"), shown);
}

const KEYS = {
  1: () => judge("conflict"),
  2: () => judge("no_conflict"),
  3: () => judge("unsure"),
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  u: undo,
  n: () => $("note").focus(),
  d: () => current && showDocument("left"),
  "/": () => (($("filters").open = true), $("search").focus()),
  g: () => toggle("picture"),
  t: () => dated && toggle("timeline"),
  "?": () => $("help").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing) {
    if (event.key === "Escape" || (event.key === "Enter" && ["note", "search"].includes(event.target.id))) {
      event.preventDefault();
      event.target.blur();
    }
    return;
  }
  if ($("document").open && event.key === "d" && $("keys").checked) {
    event.preventDefault();
    return showDocument(openSide === "left" ? "right" : "left");
  }
  if (document.querySelector("dialog[open]")) return;
  const arrow = event.key.startsWith("Arrow");
  if (event.key === "Escape" && $("reading").hidden) return toggle("reading");
  if (event.repeat && !arrow && event.key !== "j" && event.key !== "k") return;
  if (!KEYS[event.key] || (event.key.length === 1 && !$("keys").checked)) return;
  if (arrow && !event.target.closest("#queue")) return; // elsewhere they scroll
  event.preventDefault();
  KEYS[event.key]();
}

function offerExports() {
  if (data.serves) {
    const forms = { "pairs.jsonl": "Gold pairs", "verdicts.csv": "CSV", "claims.json": "ClaimReview drafts" };
    const links = Object.entries(forms).map(([file, name]) =>
      element("a", { href: `export/${file}`, download: file }, name),
    );
    $("exports").append("Export: ", ...links.flatMap((link) => [link, " "]));
    return;
  }
  const download = async () => {
    const events = await journal.book.load();
    const latest = [...new Map(events.map((event) => [event.finding, event])).values()];
    const lines = latest.map(({ finding, verdict, kind, note, at }) =>
      JSON.stringify({ finding, verdict, kind, note, at }),
    );
    const address = URL.createObjectURL(new Blob([lines.map((line) => `${line}\n`).join("")]));
    element("a", { href: address, download: "verdicts.jsonl" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  $("exports").append(element("button", { type: "button", onclick: download }, "Save verdicts"));
}

async function start() {
  journal = new Journal(data.serves ? new ServerBook() : new BrowserBook());
  Object.assign(journal, { onTrouble, onTaken, onRefused });
  buildQueue();
  buildFilters();
  offerExports();
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => show(button.dataset.view));
  }
  document.querySelector("[data-view=timeline]").hidden = !dated;
  for (const button of document.querySelectorAll("#verdict [data-verdict]")) {
    button.addEventListener("click", () => judge(button.dataset.verdict));
  }
  for (const button of document.querySelectorAll(".open-document")) button.hidden = false;
  $("reading").addEventListener("click", (event) => {
    const button = event.target.closest(".open-document");
    if (button) showDocument(button.dataset.side);
  });
  $("verdict").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["kind", "note"]) $(id).addEventListener("change", amend);
  $("undo").addEventListener("click", undo);
  $("other-document").addEventListener("click", () => showDocument(openSide === "left" ? "right" : "left"));
  $("show-help").addEventListener("click", () => $("help").showModal());
  for (const button of document.querySelectorAll("dialog .close")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  $("retry").addEventListener("click", () => journal.send());
  $("keys").checked = new Shelf("contradict:keys").read()[0] !== "off";
  $("keys").addEventListener("change", () => new Shelf("contradict:keys").write([$("keys").checked ? "on" : "off"]));
  document.addEventListener("keydown", onKey);
  addEventListener("beforeunload", (event) => {
    if (journal.waiting.length && !journal.outbox.durable) event.preventDefault();
  });
  addEventListener("hashchange", () => addressed() && addressed() !== current && reveal(addressed()));
  const asked = addressed();
  filter({ keep: asked });
  if (asked) reveal(asked);
  try {
    await journal.load();
    showVerdicts(...findings);
    if (!asked) filter({ keep: shown.find((finding) => !finding.verdict) });
  } catch (error) {
    onTrouble(error);
  }
  addEventListener("focus", refresh);
  journal.send();
  document.body.dataset.ready = "true";
}
