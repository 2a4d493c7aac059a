// A text area as a code editor. The text area stays in the form and always has the text.
import {
  acceptCompletion,
  autocompletion,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  completionStatus,
  Decoration,
  defaultKeymap,
  EditorState,
  EditorView,
  globalCompletion,
  HighlightStyle,
  history,
  indentLess,
  indentMore,
  indentOnInput,
  indentUnit,
  keymap,
  lineNumbers,
  localCompletionSource,
  Prec,
  pythonLanguage,
  StateEffect,
  StateField,
  showTooltip,
  syntaxHighlighting,
  tags,
} from "../../vendor/codemirror.js";
import { note, redoLast, undoLast } from "./timeline.js";
import { announce } from "./words.js";

const WORD = /[\w.]+$/;
const INDENT = 4;
const MAX_HELP = 2000; // characters of a docstring
const nonce = document.querySelector("script[nonce]")?.nonce ?? "";

// --- the look, from the tokens: one theme for light and dark ---
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "0.88rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-soft)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.4rem 0 0.7rem", minWidth: "2.2rem" },
  ".cm-activeLineGutter, .cm-activeLine": { backgroundColor: "transparent" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent) 26%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-wrong": { backgroundColor: "var(--bad-soft)", boxShadow: "inset 3px 0 0 var(--bad)" },
  ".cm-found": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)" },
  ".cm-found-now": { backgroundColor: "var(--warn)", color: "var(--paper)" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    boxShadow: "0 8px 28px rgb(0 0 0 / 0.18)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionIcon": { color: "inherit", opacity: "0.7" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-signature": {
    padding: "0.5rem 0.75rem",
    margin: "0",
    maxWidth: "min(38rem, 86vw)",
    maxHeight: "12rem",
    overflow: "auto",
    whiteSpace: "pre-wrap",
    fontSize: "0.84rem",
    lineHeight: "1.45",
  },
});
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
    {
      tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword],
      color: "var(--code-keyword)",
    },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
    {
      tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className), tags.meta],
      color: "var(--code-name)",
    },
    { tag: tags.function(tags.variableName), color: "var(--code-builtin)" },
    { tag: tags.invalid, color: "var(--bad)" },
  ]),
);

// --- a line that raised, and what was searched for ---
const setWrong = StateEffect.define();
const setFound = StateEffect.define();
const wrongLine = decorations(
  setWrong,
  (line, doc) => (line && line <= doc.lines ? [Decoration.line({ class: "cm-wrong" }).range(doc.line(line).from)] : []),
  (update) => update.docChanged,
);
const found = decorations(
  setFound,
  ({ ranges, now }) =>
    ranges.map(({ from, to }, index) =>
      Decoration.mark({ class: index === now ? "cm-found cm-found-now" : "cm-found" }).range(from, to),
    ),
  (update) => update.docChanged,
);

function decorations(effect, ranges, isOver) {
  return StateField.define({
    create: () => Decoration.none,
    update(value, transaction) {
      for (const each of transaction.effects) {
        if (each.is(effect)) return Decoration.set(ranges(each.value, transaction.newDoc));
      }
      return isOver(transaction) ? Decoration.none : value;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

// --- help for the call that is being written ---
const setSignature = StateEffect.define();
const signature = StateField.define({
  create: () => null,
  update(value, transaction) {
    for (const each of transaction.effects) if (each.is(setSignature)) return each.value;
    if (!value || (!transaction.selection && !transaction.docChanged)) return value;
    const head = transaction.newSelection.main.head;
    const text = transaction.newDoc.sliceString(value.pos, head);
    return head < value.pos || text.includes(")") || text.includes("\n") ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

function tooltip(pos, text) {
  return {
    pos,
    above: true,
    create() {
      const dom = document.createElement("pre");
      dom.className = "cm-signature";
      dom.textContent = text.length > MAX_HELP ? `${text.slice(0, MAX_HELP)} …` : text;
      return { dom };
    },
  };
}

// To the next stop of four, or the selected lines one step in.
function indent(view) {
  const { state } = view;
  const { main } = state.selection;
  if (!main.empty) return indentMore(view);
  const column = main.head - state.doc.lineAt(main.head).from;
  view.dispatch(state.replaceSelection(" ".repeat(INDENT - (column % INDENT))), { userEvent: "input.indent" });
  return true;
}

// Typing over several lines: left alone, the browser joins them with inline styles, which the page's policy refuses.
function replaceLines(event, view) {
  const { main } = view.state.selection;
  if (event.inputType !== "insertText" || event.data === null || view.state.doc.lineAt(main.from).to >= main.to)
    return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type" });
  return true;
}

export class Editor {
  // `kernel` may be null; `on` has change(), run(), runAndNext(), runAndAdd(), leave(), find(), above(), below(),
  // check().
  constructor(area, { label, describedBy, kernel, on }) {
    this.area = area;
    this.kernel = kernel;
    this.on = on;
    const holder = document.createElement("div");
    holder.className = "editor";
    area.after(holder);
    this.view = new EditorView({ parent: holder, doc: area.value, extensions: this.extensions(label, describedBy) });
    area.hidden = true;
  }

  extensions(label, describedBy) {
    const run = (name) => () => {
      this.on[name]();
      return true;
    };
    return [
      EditorView.cspNonce.of(nonce),
      EditorView.contentAttributes.of({
        "aria-labelledby": label,
        "aria-describedby": describedBy,
        tabindex: "0",
        spellcheck: "false",
        autocapitalize: "off",
        autocorrect: "off",
      }),
      lineNumbers(),
      history(),
      indentOnInput(),
      indentUnit.of(" ".repeat(INDENT)),
      EditorState.tabSize.of(INDENT),
      bracketMatching(),
      closeBrackets(),
      pythonLanguage,
      colours,
      look,
      wrongLine,
      found,
      signature,
      autocompletion({ override: [(context) => this.completions(context)], activateOnTypingDelay: 200, icons: true }),
      Prec.highest(
        keymap.of([
          { key: "Mod-Enter", run: run("run") },
          { key: "Shift-Enter", run: run("runAndNext") },
          { key: "Alt-Enter", run: run("runAndAdd") },
          { key: "Mod-Shift-Enter", run: run("check") },
          { key: "Mod-z", run: undoLast, preventDefault: true },
          { key: "Mod-Shift-z", run: redoLast, preventDefault: true },
          { key: "Mod-y", run: redoLast, preventDefault: true },
          { key: "Mod-f", run: run("find") },
          {
            key: "Mod-Shift-Space",
            run: () => {
              this.help();
              return true;
            },
          },
          { key: "Tab", run: (view) => completionStatus(view.state) === "active" && acceptCompletion(view) },
          { key: "Escape", run: () => this.escape() },
          { key: "ArrowUp", run: () => this.isAtEdge(-1) && this.on.above() },
          { key: "ArrowDown", run: () => this.isAtEdge(1) && this.on.below() },
        ]),
      ),
      keymap.of([{ key: "Tab", run: indent, shift: indentLess }, ...closeBracketsKeymap, ...defaultKeymap]),
      EditorView.domEventHandlers({ beforeinput: replaceLines }),
      EditorView.updateListener.of((update) => this.updated(update)),
    ];
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Replaces the text as one step that can be undone.
  set text(text) {
    if (text === this.text) return;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      userEvent: "input.replace",
    });
  }

  updated(update) {
    if (!update.docChanged) return;
    this.area.value = this.text;
    note(this, update.startState, update.state);
    this.on.change();
    update.changes.iterChanges((_from, _to, _start, end, inserted) => {
      if (inserted.toString().endsWith("(") || inserted.toString() === "()")
        this.help(end - (inserted.toString() === "()" ? 1 : 0));
    });
  }

  focus(side = 0) {
    const { doc } = this.view.state;
    if (side) this.view.dispatch({ selection: { anchor: side < 0 ? 0 : doc.length } });
    this.view.focus();
    this.view.dispatch({ scrollIntoView: true });
  }

  // Shows where an undo has changed something.
  show() {
    this.view.focus();
    this.view.dispatch({ scrollIntoView: true });
  }

  goTo(line) {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }

  markLine(line) {
    this.view.dispatch({ effects: setWrong.of(line) });
  }

  markFound(ranges, now) {
    this.view.dispatch({
      effects: [
        setFound.of({ ranges, now }),
        ...(now >= 0 ? [EditorView.scrollIntoView(ranges[now].from, { y: "center" })] : []),
      ],
    });
  }

  select(from, to) {
    this.view.dispatch({ selection: { anchor: from, head: to } });
    this.view.focus();
  }

  isAtEdge(direction) {
    const { state } = this.view;
    const { main } = state.selection;
    if (!main.empty || completionStatus(state)) return false;
    const line = state.doc.lineAt(main.head).number;
    return direction < 0 ? line === 1 : line === state.doc.lines;
  }

  escape() {
    if (this.view.state.field(signature)) {
      this.view.dispatch({ effects: setSignature.of(null) });
      return true;
    }
    this.on.leave();
    return true;
  }

  async completions(context) {
    const word = context.matchBefore(WORD);
    if (!context.explicit && (!word || word.text.length < 2)) return null;
    if (this.kernel?.state.state === "idle") {
      const found = await this.kernel.complete(this.text, context.pos).catch(() => null);
      if (context.aborted) return null;
      if (found?.matches.length) {
        const options = found.matches.map(({ text, type }) => ({ label: text, type }));
        return { from: found.start, to: found.end, options, validFor: /^\w*$/ };
      }
    }
    return localCompletionSource(context) ?? (word ? globalCompletion(context) : null);
  }

  async help(pos = this.view.state.selection.main.head) {
    if (this.kernel?.state.state !== "idle") return;
    const found = await this.kernel.inspect(this.text, pos).catch(() => null);
    if (!found?.found || !this.view.hasFocus || pos > this.view.state.doc.length) return;
    this.view.dispatch({ effects: setSignature.of(tooltip(pos, found.text)) });
    announce(found.text.split("\n")[0]);
  }
}
