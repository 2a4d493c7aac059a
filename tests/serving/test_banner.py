"""What `serve` prints."""

from io import StringIO

from learnpaths.serving import banner


class Terminal(StringIO):
    def isatty(self):
        return True


def test_lines_have_their_programs_name_in_front():
    out = StringIO()
    console = banner.Console(out)
    console.say("web", "it answers")
    console.show("plain")
    assert out.getvalue() == "web     │ it answers\nplain\n"


def test_on_a_terminal_names_are_coloured():
    out = Terminal()
    banner.Console(out).say("web", "it answers")
    assert out.getvalue() == "\033[36mweb     │\033[0m it answers\n"


def test_passwords_are_shown_in_a_table():
    table = banner.accounts({"a@example.org": "x", "learner@example.org": "y"})
    assert table == "    a@example.org         x\n    learner@example.org   y"


def test_the_welcome_says_where_the_site_is_and_what_runs():
    text = banner.welcome("http://localhost:8000", {"a@example.org": "pw"}, seconds=2.34, has_worker=True)
    assert "Learnpaths is at http://localhost:8000   (ready in 2.3 s" in text
    assert "a@example.org   pw" in text
    assert "warming up" in text
    text = banner.welcome("http://localhost:8000", {}, seconds=1, has_worker=False)
    assert "demo_accounts --reset" in text
    assert "Without a worker" in text
