// What static/js uses of CodeMirror, and nothing else: whatever is not named here stays out of the bundle.
export {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
export { defaultKeymap, history, indentLess, indentMore, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
export { globalCompletion, localCompletionSource, pythonLanguage } from "@codemirror/lang-python";
export { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
export { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, keymap, lineNumbers, showTooltip } from "@codemirror/view";
export { tags } from "@lezer/highlight";
