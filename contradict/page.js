// The page of findings: a queue, verdicts, filters, the whole documents. The passages themselves are HTML already.
// What comes from documents is set as text, never as markup.

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const findings = data.findings; // in the order of the page: best first
const VERDICTS = { conflict: "Conflict", no_conflict: "Not a conflict", unsure: "Unsure" };
const MARKS = { conflict: "●", no_conflict: "○", unsure: "?" };

for (const finding of findings) {
  finding.article = $(`finding-${finding.id}`);
  finding.draft = { kind: finding.kind, note: "" };
  finding.verdict = ""; // what its place in the queue shows
}
const byId = new Map(findings.map((finding) => [finding.id, finding]));

let current = null; // the finding that is read
let shown = findings; // those that the filters let through
let between = null; // two speakers whose findings alone are shown
let journal; // where verdicts are kept, and in what state

// Text ---------------------------------------------------------------------------------------------

// Controls that no browser shows alike, and those that turn the direction of what follows.
const UNSHOWN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]|\p{Surrogate}/gu;
const clean = (text) => text.replace(UNSHOWN, "\ufffd");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
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

/** Keeps verdicts in this browser: for a page that was opened as a file. Same methods as `ServerBook`. */
class BrowserBook {
  constructor(key) {
    this.key = `contradict:${key}`;
  }
  read() {
    return JSON.parse(localStorage.getItem(this.key) ?? "[]");
  }
  write(events) {
    localStorage.setItem(this.key, JSON.stringify(events));
  }
  async load() {
    return this.read().filter((event) => !event.undone);
  }
  async save({ finding, verdict, kind, note, seen }) {
    const events = this.read();
    const last = events.findLast((event) => event.finding === finding && !event.undone) ?? null;
    if ((last?.event ?? 0) !== seen) return { refused: true, now: last };
    const saved = { event: events.length + 1, finding, verdict, kind, note, at: new Date().toISOString() };
    this.write([...events, saved]);
    return { now: saved };
  }
  async undo({ event }) {
    const events = this.read();
    const target = events.find((each) => each.event === event);
    const of = (all) => all.findLast((each) => each.finding === target?.finding && !each.undone) ?? null;
    if (of(events)?.event !== event) return { refused: true, now: of(events) };
    target.undone = true;
    this.write(events);
    return { now: of(events) };
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
    if (!answer.ok && answer.status !== 409) throw new Error((await answer.text()) || `status ${answer.status}`);
    return answer.json();
  }
}

/**
 * The verdicts of this page, and what of them is on its way to the book. A change is shown at once; until the book has
 * taken it, it waits in this browser's storage, so that neither a stopped program nor a closed window loses it. Each has
 * an id of its own: sent twice, it counts once.
 */
class Journal {
  constructor(book, key) {
    this.book = book;
    this.outbox = `contradict:${key}:waiting`;
    this.waiting = this.stored();
    this.sending = null; // the change that is on its way
    this.made = []; // verdicts that stand, replaced ones too, latest last
    this.stacks = new Map(); // the same by finding
    this.kept = new Map(); // finding → number of its latest verdict in the book
  }
  async load() {
    const events = await this.book.load();
    this.made = [];
    this.stacks = new Map();
    this.kept = new Map(events.map(({ finding, event }) => [finding, event]));
    for (const event of events) this.add(event);
    for (const change of this.waiting) {
      if (!change.undo) this.add(change);
      else this.drop(this.made.find((each) => (each.event ?? each.id) === change.of));
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
    const change = { id: unique(), finding, verdict, kind, note };
    this.add(change);
    this.enqueue(change);
  }
  /** Takes back the latest verdict; says of which finding. */
  undo() {
    const latest = this.made.at(-1);
    if (!latest) return null;
    this.drop(latest);
    if (this.waiting.includes(latest) && latest !== this.sending) this.dequeue(latest);
    else this.enqueue({ id: unique(), undo: true, finding: latest.finding, of: latest.event ?? latest.id });
    return latest.finding;
  }

  // Other windows of this browser keep their changes in the same place.
  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.outbox) ?? "[]");
    } catch {
      return [];
    }
  }
  store(changes) {
    try {
      localStorage.setItem(this.outbox, JSON.stringify(changes));
    } catch {
      // no storage in this browser, or none left: changes wait in memory
    }
  }
  enqueue(change) {
    this.waiting.push(change);
    this.store([...this.stored(), change]);
    this.send();
  }
  dequeue(change) {
    this.waiting = this.waiting.filter((each) => each !== change);
    this.store(this.stored().filter((each) => each.id !== change.id));
  }

  /** Sends what waits, one after the other. */
  async send() {
    if (this.sending) return;
    while (this.waiting.length) {
      const change = (this.sending = this.waiting[0]);
      let answer;
      try {
        const seen = this.kept.get(change.finding) ?? 0;
        if (!change.undo) answer = await this.book.save({ ...change, request: change.id, seen });
        else answer = await this.book.undo({ event: change.of });
        await this.take(change, answer);
      } catch (error) {
        this.sending = null;
        return this.onTrouble(error);
      }
      this.sending = null;
      this.onAnswer(change, answer);
    }
  }
  async take(change, answer) {
    if (answer.refused) {
      this.dequeue(change);
      return this.load();
    }
    this.kept.set(change.finding, answer.now?.event ?? 0);
    if (!change.undo) {
      change.event = answer.now.event;
      for (const undo of this.waiting.filter((each) => each.of === change.id)) {
        undo.of = change.event;
        this.store(this.stored().map((each) => (each.id === undo.id ? undo : each)));
      }
    }
    this.dequeue(change);
  }
}

const unique = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

function judge(verdict) {
  if (!current || $("verdict").hidden) return;
  const judged = current;
  journal.judge(judged.id, verdict, $("kind").value, $("note").value.trim());
  showVerdicts(judged);
  const open = (finding) => finding !== judged && !journal.of(finding.id);
  const place = shown.indexOf(judged);
  const next = shown.slice(place + 1).find(open) ?? shown.find(open);
  filter({ keep: next ?? judged });
  say(`${VERDICTS[verdict]}. ${$("done").textContent}${next ? "" : " All findings shown here have a verdict."}`);
}

function undo() {
  const finding = byId.get(journal.undo());
  if (!finding) return say("Nothing to undo.");
  showVerdicts(finding);
  filter({ keep: finding });
  say("Verdict taken back.");
}

/** A change of kind or note of a finding that has a verdict is kept at once; of another, with its verdict. */
function amend() {
  const verdict = journal.of(current.id);
  const [kind, note] = [$("kind").value, $("note").value.trim()];
  current.draft = { kind, note };
  if (!verdict || (verdict.kind === kind && verdict.note === note)) return;
  journal.judge(current.id, verdict.verdict, kind, note);
  showVerdicts(current);
  say("Changed.");
}

/** Shows the verdicts that some findings have now. */
function showVerdicts(...changed) {
  for (const finding of changed) {
    const verdict = journal.of(finding.id)?.verdict ?? "";
    if (verdict === finding.verdict) continue;
    finding.verdict = finding.item.dataset.verdict = verdict;
    finding.item.lastChild.textContent = verdict && MARKS[verdict];
    finding.item.lastChild.title = finding.item.lastChild.ariaLabel = verdict ? VERDICTS[verdict] : "no verdict";
  }
  if (changed.includes(current)) fillForm();
  const done = findings.reduce((sum, finding) => sum + (finding.verdict ? 1 : 0), 0);
  $("progress").max = Math.max(findings.length, 1);
  $("progress").value = done;
  $("done").textContent = `${done} of ${findings.length} done`;
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

function trouble(text, ...buttons) {
  $("trouble").replaceChildren(element("p", {}, clean(text)), ...buttons);
  $("trouble").hidden = !text;
}

let retry;
function onTrouble(error) {
  trouble(
    `${count(journal.waiting.length, "change")} not saved yet: the program behind this page does not answer or refuses ` +
      `(${error.message}). Nothing is lost: they wait in this browser and are sent again. If the program was stopped, ` +
      "start it again and open the address that it prints.",
    element("button", { type: "button", onclick: () => journal.send() }, "Try now"),
  );
  clearTimeout(retry);
  retry = setTimeout(() => journal.send(), 2000);
}

function onAnswer(change, answer) {
  if (!answer.refused) {
    if (!journal.waiting.length) trouble("");
  } else {
    const theirs = answer.now ? `“${VERDICTS[answer.now.verdict]}”` : "none";
    trouble(
      `Not saved: this finding's verdict was changed in another window meanwhile; it is ${theirs} now, and yours was ` +
        `${change.undo ? "to undo" : `“${VERDICTS[change.verdict]}”`}.`,
      element("button", { type: "button", onclick: () => (trouble(""), select(byId.get(change.finding))) }, "Show it"),
    );
  }
  showVerdicts(...(answer.refused ? findings : [byId.get(change.finding)].filter(Boolean)));
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
    ...findings.map((finding, place) => {
      const who = element("span", { class: "who" }, isolated(finding.left.who), " · ", isolated(finding.right.who));
      finding.item = element(
        "li",
        { "data-verdict": "" },
        element(
          "a",
          { href: `#finding-${finding.id}`, tabindex: "-1" },
          element("span", { class: "place" }, `${place + 1}`),
          element("span", { class: "score" }, finding.score.toFixed(2)),
          who,
          element("span", { class: "what" }, isolated(finding.left.text)),
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

function select(finding, { focus = false } = {}) {
  if (current === finding && !focus) return;
  (current?.article ?? document.querySelector("article.current"))?.classList.remove("current");
  current?.item.firstChild.removeAttribute("aria-current");
  current?.item.firstChild.setAttribute("tabindex", "-1");
  current = finding;
  $("verdict").hidden = !finding;
  if (!finding) return;
  finding.article.classList.add("current");
  const link = finding.item.firstChild;
  link.setAttribute("aria-current", "true");
  link.setAttribute("tabindex", "0");
  const [queue, item] = [$("queue").getBoundingClientRect(), finding.item.getBoundingClientRect()];
  if (item.top < queue.top || item.bottom > queue.bottom) $("queue").scrollTop += item.top - queue.top - queue.height / 3;
  // not while the page loads: the browser would scroll there
  if (document.body.dataset.ready) history.replaceState(null, "", `#finding-${finding.id}`);
  fillForm();
  if (focus) {
    show("reading");
    finding.article.querySelector("h2").focus({ preventScroll: true });
    finding.article.scrollIntoView({ block: "nearest" });
  }
}

function step(by) {
  const place = shown.indexOf(current);
  const next = shown[place < 0 ? 0 : place + by];
  if (next) select(next, { focus: true });
  else say(by > 0 ? "This is the last finding shown." : "This is the first finding shown.");
}

function selectFromAddress() {
  const finding = byId.get(location.hash.replace("#finding-", ""));
  if (finding && finding !== current) {
    if (!shown.includes(finding)) clearFilters();
    select(finding, { focus: true });
  }
}

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
  $("score-filter").append(
    element("option", { value: "0" }, "all scores"),
    ...[0.25, 0.5, 0.75].map((least) => element("option", { value: least }, `${least.toFixed(2)} or more`)),
  );
  $("verdict-filter").append(
    element("option", { value: "" }, "all"),
    element("option", { value: "open" }, "without verdict"),
    ...Object.entries(VERDICTS).map(([value, name]) => element("option", { value }, name)),
  );
  $("kind").append(...data.kinds.map((kind) => element("option", { value: kind }, kind)));
  for (const id of ["kind", "speaker", "document", "score", "verdict"]) {
    $(`${id}-filter`).addEventListener("change", () => filter());
  }
  $("search").addEventListener("input", () => filter());
  $("clear-filters").addEventListener("click", clearFilters);
}

function clearFilters() {
  $("search").value = "";
  between = null;
  for (const id of ["kind", "speaker", "document", "score", "verdict"]) $(`${id}-filter`).selectedIndex = 0;
  filter();
}

/** Shows what the filters let through; `keep` is shown whatever its verdict, and selected. */
function filter({ keep = current } = {}) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [kind, who, place] = ["kind", "speaker", "document"].map((id) => $(`${id}-filter`).value);
  const least = Number($("score-filter").value);
  const wanted = $("verdict-filter").value;
  const lets = (finding) => {
    const sides = [finding.left, finding.right];
    return (
      (!between || [finding.left.who, finding.right.who].sort().join() === between.join()) &&
      (!kind || finding.kind === kind) &&
      (!who || sides.some((side) => side.who === who)) &&
      (!place || sides.some((side) => side.document === place)) &&
      finding.score >= least &&
      (!wanted || (wanted === "open" ? !finding.verdict : finding.verdict === wanted) || finding === keep) &&
      (!words.length || words.every((word) => textOf(finding).includes(word)))
    );
  };
  shown = findings.filter(lets);
  const visible = new Set(shown);
  for (const finding of findings) {
    const hidden = !visible.has(finding);
    if (hidden === Boolean(finding.hidden)) continue;
    finding.hidden = finding.item.hidden = finding.article.hidden = hidden;
  }
  const all = shown.length === findings.length;
  const pair = between ? `, between ${between.join(" and ")}` : "";
  $("shown").textContent = all ? "" : clean(`${shown.length} of ${findings.length} findings shown${pair}`);
  select(visible.has(keep) ? keep : (shown[0] ?? null));
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
  const known = data.documents[name];
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

const toggle = (view) => show($(view).hidden ? view : "reading");

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
  t: () => data.dated && toggle("timeline"),
  "?": () => $("help").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target === $("note"))) {
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
    const lines = events.map(({ finding, verdict, kind, note, at }) =>
      JSON.stringify({ finding, verdict, kind, note, at }),
    );
    const address = URL.createObjectURL(new Blob([lines.map((line) => `${line}\n`).join("")]));
    element("a", { href: address, download: "verdicts.jsonl" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  $("exports").append(element("button", { type: "button", onclick: download }, "Save verdicts"));
}

async function start() {
  journal = new Journal(data.serves ? new ServerBook() : new BrowserBook(data.report), data.report);
  Object.assign(journal, { onTrouble, onAnswer });
  buildQueue();
  buildFilters();
  offerExports();
  showVerdicts();
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => show(button.dataset.view));
  }
  document.querySelector("[data-view=timeline]").hidden = !data.dated;
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
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", selectFromAddress);
  const asked = byId.get(location.hash.replace("#finding-", ""));
  filter({ keep: asked });
  try {
    await journal.load();
    showVerdicts(...findings);
    if (!asked) filter({ keep: findings.find((finding) => !journal.of(finding.id)) });
  } catch (error) {
    onTrouble(error);
  }
  addEventListener("focus", refresh);
  journal.send();
  document.body.dataset.ready = "true";
}
