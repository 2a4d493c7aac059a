// What static/js uses of CodeMirror, and nothing else: whatever is not named here stays out of the bundle.
export { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus, startCompletion } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap, indentLess, indentMore, insertNewlineAndIndent, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
export { pythonLanguage } from "@codemirror/lang-python";
export { bracketMatching, HighlightStyle, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
export { Annotation, Compartment, EditorSelection, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
export { Decoration, drawSelection, EditorView, hoverTooltip, keymap, lineNumbers, placeholder, showTooltip, ViewPlugin } from "@codemirror/view";
export { tags } from "@lezer/highlight";
