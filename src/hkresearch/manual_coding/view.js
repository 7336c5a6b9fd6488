// A screen and a page as data -> what a coder sees, and the keys that answer. Page text only ever becomes text nodes.

const WAIT = 4000; // ms until a silent kernel is spoken of

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function makeButton(key, words, act) {
  const button = make("button", { type: "button" }, ...(key ? [make("kbd", {}, key)] : []), words);
  if (key) button.setAttribute("aria-keyshortcuts", key);
  button.addEventListener("click", act);
  return button;
}

// Words of the page, in UTF-16 offsets, for marking by keyboard in any script.
function splitWords(text) {
  if (globalThis.Intl?.Segmenter) {
    const parts = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
    return Array.from(parts).filter((p) => p.isWordLike).map((p) => [p.index, p.index + p.segment.length]);
  }
  return Array.from(text.matchAll(/\S+/g), (m) => [m.index, m.index + m[0].length]);
}

function findPoint(root, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode(), last = node;
  for (; node; last = node, node = walker.nextNode()) {
    if (offset <= node.length) return [node, offset];
    offset -= node.length;
  }
  return last ? [last, last.length] : [root, 0];
}

const count = (text) => Array.from(text).length; // code points, as the package counts

// The span of the page that is selected, in code points, or null.
function readSelection(page) {
  const selection = page.ownerDocument.getSelection();
  if (!selection || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!page.contains(range.startContainer) || !page.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(page);
  before.setEnd(range.startContainer, range.startOffset);
  const start = count(before.toString()), words = range.toString();
  return words.trim() ? { start, end: start + count(words), words } : null;
}

function drawPage(node, page, screen) {
  const points = Array.from(page.text || "");
  const cuts = new Set([0, points.length, screen.start, screen.end, ...screen.marks.flat()]);
  const edges = Array.from(cuts).filter((n) => n <= points.length).sort((a, b) => a - b);
  node.replaceChildren();
  let current = null;
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i], edges[i + 1]];
    const words = document.createTextNode(points.slice(from, to).join(""));
    const isHere = from >= screen.start && to <= screen.end;
    const isOther = screen.marks.some(([start, end]) => from >= start && to <= end);
    const held = isHere ? make("mark") : isOther ? make("span", { className: "other" }) : null;
    if (held) held.append(words);
    node.append(held || words);
    if (isHere && !current) current = held;
  }
  return current;
}

function render({ model, el }) {
  const root = make("section", { className: "hk-coding", "aria-label": "Coding by hand", "data-lm-suppress-shortcuts": "true" });
  const title = make("h3"), where = make("span", { className: "where" }), counted = make("span", { className: "count" });
  const progress = make("progress", { "aria-label": "Passages judged" });
  const page = make("div", { className: "page", tabIndex: 0, role: "document", "aria-label": "The page" });
  const ask = make("p", { className: "ask" }), found = make("p", { className: "found" });
  const codes = make("div", { className: "row", role: "group", "aria-label": "Codes" });
  const reason = make("input", { type: "text", maxLength: 500, autocomplete: "off" });
  const status = make("p", { className: "status", role: "status", "aria-live": "polite" });
  const file = make("span", { className: "file" });
  let screen = {}, sent = 0, words = null, from = 0, to = 0, drawn = "";

  const order = (what, more = {}) => {
    if (root.getAttribute("aria-busy") === "true") return;
    root.setAttribute("aria-busy", "true");
    const mine = ++sent;
    setTimeout(() => {
      if (mine === sent && root.getAttribute("aria-busy") === "true") {
        root.removeAttribute("aria-busy");
        say("No answer from the kernel, so this may not be saved. It may be busy, or stopped: run the cell again.", true);
      }
    }, WAIT);
    model.send({ do: what, at: screen.at, reason: reason.value, ...more });
  };
  const say = (text, isError) => {
    status.textContent = text;
    status.classList.toggle("is-error", Boolean(isError));
  };
  const explain = () => reason.focus();

  const accept = makeButton("a", "Accept", () => order("accept"));
  const reject = makeButton("r", "", () => order("reject"));
  const rejectWords = make("span");
  reject.append(rejectWords);
  const other = make("input", { type: "text", autocomplete: "off", size: 14 });
  const otherLabel = make("label", {}, make("kbd", {}, "c"), "Code", other);
  const verdicts = make("div", { className: "row" }, accept, reject,
    makeButton("s", "Skip", () => order("skip", { n: 1 })), makeButton("b", "Back", () => order("skip", { n: -1 })),
    makeButton("u", "Undo", () => order("undo")));
  const why = make("label", { className: "why" }, make("kbd", {}, "e"), "Reason", reason);
  const form = makeForm();
  const more = make("div", { className: "row" },
    makeButton("m", "Mark a missed passage", () => startMarking()), makeButton("n", "Code what is selected", () => openForm()),
    makeButton("p", "I read this page in full", () => order("read")));
  root.append(make("header", {}, title, where, counted), progress, page, ask, found, verdicts, codes, why, more, form.node, status, file);

  function makeForm() {
    const subject = make("select"), variable = make("select"), code = make("select"), value = make("input", { type: "text" });
    const said = make("q"), note = make("input", { type: "text", maxLength: 500, autocomplete: "off" });
    const field = (name, ...inputs) => make("label", {}, name, ...inputs);
    const node = make("form", { hidden: true, "aria-label": "Add a passage" }, make("p", {}, said),
      make("div", { className: "row" }, field("About", subject), field("Variable", variable), field("Code", code, value)),
      make("div", { className: "row" }, field("Reason", note), make("button", { type: "submit" }, "Add"),
        makeButton("", "Cancel", () => closeForm())));
    return { node, subject, variable, code, value, said, note, span: null };
  }

  function fillCodes() {
    const chosen = model.get("book").variables.find((v) => v.id === form.variable.value) || { codes: [] };
    form.code.replaceChildren(...chosen.codes.map((c) => make("option", { value: c.code }, c.label)));
    form.code.hidden = !chosen.codes.length;
    form.value.hidden = Boolean(chosen.codes.length);
    form.value.value = "";
  }

  function openForm() {
    const span = readSelection(page);
    if (!span) return say("Nothing is selected: select words of the page with the mouse, or press m and the arrow keys.", true);
    const book = model.get("book");
    form.span = span;
    form.said.textContent = span.words.length > 300 ? span.words.slice(0, 300) + "…" : span.words;
    form.subject.replaceChildren(make("option", { value: screen.article_id }, "this page"),
      ...book.subjects.map((s) => make("option", { value: s.id }, s.label)));
    form.variable.replaceChildren(...book.variables.map((v) => make("option", { value: v.id }, v.label)));
    form.subject.value = screen.subject_id;
    form.variable.value = screen.variable_id;
    if (form.subject.selectedIndex < 0) form.subject.selectedIndex = 0;
    if (form.variable.selectedIndex < 0) form.variable.selectedIndex = 0;
    fillCodes();
    form.note.value = "";
    form.node.hidden = false;
    form.subject.focus();
    say("Say what these words are about, and press Enter.");
  }

  function closeForm() {
    form.node.hidden = true;
    form.span = null;
    page.focus({ preventScroll: true });
  }

  form.variable.addEventListener("change", fillCodes);
  form.node.addEventListener("submit", (event) => {
    event.preventDefault();
    const { start, end } = form.span;
    const code = form.code.hidden ? form.value.value : form.code.value;
    order("add", { start, end, subject: form.subject.value, variable: form.variable.value, code, reason: form.note.value });
    closeForm();
  });

  function showMarked() {
    const [first, last] = from <= to ? [from, to] : [to, from];
    const selection = document.getSelection();
    selection.setBaseAndExtent(...findPoint(page, words[first][0]), ...findPoint(page, words[last][1]));
    (selection.focusNode.parentElement || page).scrollIntoView?.({ block: "nearest" });
    say(`Marked: ${selection.toString().slice(0, 120)}`);
  }

  function startMarking() {
    if (root.getAttribute("aria-busy") === "true") return;
    words ||= splitWords(page.textContent);
    if (!words.length) return say("This page has no words to mark.", true);
    page.focus({ preventScroll: true });
    const before = document.createRange();
    before.selectNodeContents(page);
    if (page.querySelector("mark")) before.setEndBefore(page.querySelector("mark"));
    const at = before.toString().length;
    from = to = Math.max(words.findIndex(([start]) => start >= at), 0);
    root.dataset.marking = "yes";
    showMarked();
    say("Marking: arrow keys move word by word and line by line, with Shift they extend; Enter codes it, Escape stops.");
  }

  function stopMarking() {
    delete root.dataset.marking;
    document.getSelection().removeAllRanges();
    say("");
  }

  const findLine = (at, step) => {
    const text = page.textContent, lineOf = (n) => text.lastIndexOf("\n", words[n][0]);
    let n = at;
    while (words[n + step] && lineOf(n + step) === lineOf(at)) n += step;
    n = Math.min(Math.max(n + step, 0), words.length - 1);
    while (step < 0 && words[n - 1] && lineOf(n - 1) === lineOf(n)) n -= 1;
    return n;
  };

  function moveMark(event) {
    const moves = {
      ArrowRight: () => Math.min(to + 1, words.length - 1), ArrowLeft: () => Math.max(to - 1, 0),
      ArrowDown: () => findLine(to, 1), ArrowUp: () => findLine(to, -1),
    };
    if (event.key === "Escape") return stopMarking(), true;
    if (event.key === "Enter") return delete root.dataset.marking, openForm(), true;
    if (!(event.key in moves)) return false;
    to = moves[event.key]();
    if (!event.shiftKey) from = to;
    return showMarked(), true;
  }

  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isTyping = event.target.matches("input, select");
    if (isTyping) {
      if (event.key === "Escape") return event.preventDefault(), form.node.hidden ? page.focus() : closeForm();
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (form.node.contains(event.target)) return form.node.requestSubmit();
      if (event.target === other && other.value.trim()) order("recode", { code: other.value.trim() });
      return page.focus({ preventScroll: true });
    }
    if (root.dataset.marking && event.target === page && moveMark(event)) return event.preventDefault();
    const keys = { e: explain, c: () => !otherLabel.hidden && other.focus() };
    const button = root.querySelector(`button[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (button && !button.hidden) button.click();
    else if (event.key in keys) keys[event.key]();
    else return;
    event.preventDefault();
  });

  function drawCodes() {
    const few = screen.codes.slice(0, 9).map((c, i) => {
      const button = makeButton(String(i + 1), c.label, () => order("recode", { code: c.code }));
      const said = screen.answer === c.code || screen.answer === `recode ${c.code}` || (screen.answer === "accept" && screen.code === c.code);
      button.setAttribute("aria-pressed", String(said));
      return button;
    });
    codes.replaceChildren(...few);
    otherLabel.hidden = screen.codes.length > 0 && screen.codes.length <= 9;
    other.value = "";
    if (!otherLabel.hidden) {
      const id = `hk-codes-${Math.random().toString(36).slice(2)}`;
      other.setAttribute("list", id);
      codes.append(otherLabel, make("datalist", { id }, ...screen.codes.map((c) => make("option", { value: c.code }, c.label))));
    }
  }

  function draw() {
    const hadFocus = root.contains(document.activeElement);
    screen = model.get("screen");
    const shown = model.get("page");
    if (shown.id !== screen.article_id) return;
    root.removeAttribute("aria-busy");
    title.textContent = shown.title;
    where.textContent = shown.where;
    counted.textContent = `${screen.at + 1} of ${screen.total}, ${screen.n_answered} judged`;
    progress.max = screen.total;
    progress.value = screen.n_answered;
    page.lang = shown.language;
    const look = JSON.stringify([screen.at, shown.id, screen.marks]);
    if (look !== drawn) {
      delete root.dataset.marking; // what was marked hung on the nodes that go now
      words = null;
      const current = drawPage(page, shown, screen);
      if (current) page.scrollTop += current.getBoundingClientRect().top - page.getBoundingClientRect().top - page.clientHeight / 3;
    }
    drawn = look;
    ask.replaceChildren(make("strong", {}, `${screen.subject}, ${screen.variable}`), screen.question ? `: ${screen.question}` : "");
    found.replaceChildren(...(screen.is_blind ? ["The automatic code is hidden. Which holds?"]
      : [`${screen.found_by} coded `, make("b", {}, screen.code_label), "."]));
    if (screen.answer) found.append(` Your answer so far: ${screen.answer === "none" ? "nothing to code" : screen.answer}.`);
    accept.hidden = screen.is_blind;
    rejectWords.textContent = screen.is_blind ? "Nothing to code" : "Reject";
    drawCodes();
    reason.value = "";
    file.textContent = `${screen.coder} writes to ${screen.file}`;
    say(screen.status, screen.is_error);
    if (hadFocus && !root.contains(document.activeElement)) page.focus({ preventScroll: true }); // its button is gone
  }

  model.on("change:screen", draw);
  el.append(root);
  draw();
  requestAnimationFrame(() => { drawn = ""; draw(); }); // now it has a size, and the passage can be scrolled to
  return () => model.off("change:screen", draw);
}

export default { render };
