"""Lesson Markdown → HTML that is safe to show as it is, with every problem found and its line. No Django here.

CommonMark with tables, footnotes, LaTeX maths (as MathML), highlighted code, and the containers of docs/authoring.md.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from latex2mathml import converter
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from learnpaths.catalog.tables import is_id

BOXES = {"changed": "What changed since", "note": ""}  # container → its title
NAMED = ("figure", "checkpoint")  # containers that need an id

_MATHML = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "lspace", "rspace", "minsize", "maxsize", "separator", "movablelimits"},
    "mspace": {"width"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mfrac": {"linethickness"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
}
_TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
        "br",
        "pre",
        "code",
        "em",
        "strong",
        "s",
        "a",
        "sup",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "section", "figure", "figcaption"),
    *("mrow", "mn", "mtext", "ms", "msub", "msup", "msubsup", "munderover", "msqrt", "mroot", "mtr", "mstyle"),
    *("mphantom", "menclose", "mmultiscripts", "mprescripts", *_MATHML),
}
_ATTRIBUTES = _MATHML | {
    "*": {"class", "id"},
    "a": {"href", "title", "aria-label"},
    "ol": {"start"},
    "div": {"data-checkpoint", "role", "tabindex"},
    "figure": {"data-figure"},
    "pre": {"tabindex", "data-python"},
    "th": {"data-align"},
    "td": {"data-align"},
}


@dataclass
class Rendering:
    """What a text became. Lines count from 1 in the file; `figures`, `checkpoints` (id) and `links`
    (address) come with their line, in order."""

    html: str = ""
    text: str = ""  # the words alone, for the search
    contents: list[dict[str, Any]] = field(default_factory=list)  # headings: level, id, title
    figures: list[tuple[str, int]] = field(default_factory=list)
    checkpoints: list[tuple[str, int]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)  # the ids of headings
    links: list[tuple[str, int]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def render_page(text: str, *, first_line: int = 1) -> Rendering:
    """Render a lesson's body, whose first line is `first_line` of its file."""
    return _render(text, first_line, is_page=True)


def render_fragment(text: str, *, line: int = 1) -> Rendering:
    """Render a short text (a prompt, an explanation) in which containers and headings have no place."""
    return _render(text, line, is_page=False)


def _render(text: str, first_line: int, *, is_page: bool) -> Rendering:
    result = Rendering()
    parser = _parser(is_page)
    env = {"result": result, "first_line": first_line, "line": first_line}
    tokens = parser.parse(text, env)
    _inspect(tokens, env, is_page)
    result.html = _clean(parser.renderer.render(tokens, parser.options, env))
    result.text = _words(result.html)
    return result


def _parser(is_page: bool) -> MarkdownIt:
    # HTML is recognised only to be refused by `_inspect`; whatever it says, `_clean` has the last word.
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    if is_page:
        interrupts = ["paragraph", "reference", "blockquote", "list"]
        parser.block.ruler.before("fence", "container", _parse_container, {"alt": interrupts})
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _clean(text: str) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _words(text: str) -> str:
    without_maths = re.sub(r"<math.*?</math>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without_maths)).split())


# --- containers: `::: name id` … `:::` ---


def _parse_container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    words = _container_words(state, start)
    if words is None or state.is_code_block(start):
        return False
    if silent:
        return True
    close = next((line for line in range(start + 1, end) if _container_words(state, line) == []), None)
    problem = _container_problem(words, is_closed=close is not None)
    if problem:
        _report(state.env, start, problem)
        words = ["note"]  # go on reading what is in it
    if close is None:
        state.line = start + 1
    else:
        _push_container(state, words, start, close)
    return True


def _container_words(state: StateBlock, line: int) -> list[str] | None:
    """Return the words after `:::`, or None if the line opens and closes nothing."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    return text[3:].split() if text.startswith(":::") else None


def _container_problem(words: Sequence[str], *, is_closed: bool) -> str:
    match words:
        case []:
            return "`:::` closes nothing here."
        case [name, *_] if name not in (*NAMED, *BOXES):
            return f"Unknown container `{name}`; known: {', '.join((*NAMED, *BOXES))}."
        case [name, *ids] if name in NAMED and not (len(ids) == 1 and is_id(ids[0])):
            return f"`::: {name}` needs one id after it: lower-case words joined by hyphens."
        case [name, _, *_] if name in BOXES:
            return f"`::: {name}` takes nothing after it."
    return "" if is_closed else f"`::: {words[0]}` is not closed by `:::` (containers cannot stand in one another)."


def _push_container(state: StateBlock, words: Sequence[str], start: int, close: int) -> None:
    opening = state.push("container_open", "div", 1)
    opening.map, opening.info = [start, close], " ".join(words)
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", close
    state.md.block.tokenize(state, start + 1, close)
    state.parentType, state.lineMax = parent, line_max
    state.push("container_close", "div", -1).info = opening.info
    state.line = close + 1


# --- what the text must not have ---


def _report(env: Any, line: int, message: str) -> None:
    env["result"].problems.append((env["first_line"] + line, message))


def _inspect(tokens: Sequence[Token], env: dict[str, Any], is_page: bool) -> None:
    """Report what is not allowed and note headings, figures and checkpoints."""
    line = 0
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else line
        token.meta["line"] = line
        for child in token.children or ():
            child.meta["line"] = line
            _inspect_inline(child, env, line)
        match token.type:
            case "html_block":
                _report(env, line, "HTML is not allowed; write Markdown, or put code between backticks.")
            case "heading_open":
                _inspect_heading(token, tokens[index + 1], env, is_page)
            case "container_open":
                _inspect_container(token, env, line)
            case "fence":
                _inspect_fence(token, env, line, is_page)


def _inspect_inline(token: Token, env: dict[str, Any], line: int) -> None:
    if token.type == "html_inline":
        _report(env, line, f"HTML is not allowed ({token.content}); put code between backticks.")
    elif token.type == "link_open":
        env["result"].links.append((str(token.attrGet("href")), env["first_line"] + line))
    elif token.type == "image":
        _report(env, line, "Pictures are not supported; make a figure and show it with `::: figure <id>`.")
    elif token.type == "text" and re.search(r"\]\((javascript|data|vbscript):", token.content, re.IGNORECASE):
        _report(env, line, "A link may start with https, http, mailto, / or # only.")


def _inspect_heading(token: Token, content: Token, env: dict[str, Any], is_page: bool) -> None:
    level, title, line = int(token.tag[1]), _title(content), token.meta["line"]
    if not is_page:
        _report(env, line, "A heading has no place here.")
    elif level not in (2, 3, 4):
        _report(env, line, "Headings are ## to ####; the title of the page comes from the front matter.")
    anchor = _free_id(title, env["result"].anchors)
    token.attrSet("id", anchor)
    env["result"].anchors.append(anchor)
    if level in (2, 3):
        env["result"].contents.append({"level": level, "id": anchor, "title": title})


def _title(content: Token) -> str:
    parts = (child.content for child in content.children or () if child.type in ("text", "code_inline", "math_inline"))
    return "".join(parts).strip()


def _free_id(title: str, taken: Sequence[str]) -> str:
    """Return an id for a heading; `s-` keeps it apart from the ids of the page around it."""
    words = "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "section"
    candidates = (f"s-{words}" + (f"-{number}" if number > 1 else "") for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _inspect_container(token: Token, env: dict[str, Any], line: int) -> None:
    name, _, id_ = token.info.partition(" ")
    if name in NAMED:
        places = env["result"].figures if name == "figure" else env["result"].checkpoints
        places.append((id_, env["first_line"] + line))


def _inspect_fence(token: Token, env: dict[str, Any], line: int, is_page: bool) -> None:
    language, *words = token.info.split() or [""]
    if "run" not in words:
        return
    if language != "python" or "norun" in words:
        _report(env, line, "`run` is for blocks of Python that run: ```python run.")
    elif token.level or not is_page:
        _report(env, line, "A block that can be run in the page stands in no list, quotation or box, in a lesson.")


# --- how tokens look; each rule has the signature (renderer, tokens, index, options, env) ---


def _container_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    name, _space, id_ = tokens[index].info.partition(" ")
    if name == "checkpoint":
        return f'<div data-checkpoint="{id_}"></div>\n'
    if name == "figure":
        return f'<figure class="figure" data-figure="{id_}"><div class="stage"></div><figcaption>\n'
    title = f'<p class="box-title">{BOXES[name]}</p>' if BOXES[name] else ""
    return f'<div class="box {name}" role="note">{title}\n'


def _container_close(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    name = tokens[index].info.partition(" ")[0]
    return {"checkpoint": "", "figure": "</figcaption></figure>\n"}.get(name, "</div>\n")


def _fence(_: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]) -> str:
    token = tokens[index]
    language, *words = token.info.split() or ["text"]
    try:
        code = highlight_code(token.content, language)
    except ClassNotFound:
        _report(env, token.meta["line"], f"Unknown language {language!r} of a code block.")
        code = html.escape(token.content)
    marks = f' data-python="{"run" if "run" in words else ""}"' if language == "python" and "norun" not in words else ""
    return f'<pre class="code" tabindex="0"{marks}><code>{code}</code></pre>\n'


def highlight_code(source: str, language: str) -> str:
    """Return the source as HTML with Pygments' short classes. Raises pygments.util.ClassNotFound."""
    lexer = get_lexer_by_name(language, stripnl=False)
    return highlight(source, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")


def _math_inline(_: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]) -> str:
    return _mathml(tokens[index], env, "inline")


def _math_block(_: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]) -> str:
    return f'<div class="maths" tabindex="0">{_mathml(tokens[index], env, "block")}</div>\n'


def _mathml(token: Token, env: dict[str, Any], display: str) -> str:
    try:
        maths = converter.convert(token.content, display=display)
    except Exception as error:  # noqa: BLE001 - the library raises a dozen types for bad LaTeX
        _report(env, token.meta["line"], f"LaTeX not understood: {token.content!r} ({type(error).__name__}).")
        return html.escape(token.content)
    if unknown := re.search(r">(\\\w+)<", maths):
        _report(env, token.meta["line"], f"Unknown LaTeX command {unknown[1]} in {token.content!r}.")
    return maths


def _table_open(*_: Any) -> str:
    return '<div class="scroll" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _cell_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """Alignment as an attribute of ours: a style attribute is forbidden by the Content Security Policy."""
    token = tokens[index]
    align = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} data-align="{align}">' if align else f"<{token.tag}>"


def _escaped(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return html.escape(tokens[index].content)


_RULES = {
    "container_open": _container_open,
    "container_close": _container_close,
    "fence": _fence,
    "math_inline": _math_inline,
    "math_block": _math_block,
    "table_open": _table_open,
    "table_close": _table_close,
    "th_open": _cell_open,
    "td_open": _cell_open,
    "html_block": _escaped,
    "html_inline": _escaped,
}
