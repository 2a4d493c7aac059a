"""How far a cell is: the one machine of the notebook and of lessons, fed with what a kernel says."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FEED = """async (news) => {
  const { CellStatus } = await import("/static/js/notebook/cell_status.js");
  const element = document.createElement("div");
  const shown = [];
  const status = new CellStatus(element, (now) => shown.push(now.status));
  const taken = news.map((each) => (each === "settle" || each === "reset" ? status[each]() : status.take(each)));
  return { shown, taken, now: status.now, isBusy: status.isBusy, element: element.dataset.status };
}"""
QUEUED, RUNNING, OK = {"status": "queued"}, {"status": "running"}, {"status": "ok", "seconds": 2}


@pytest.fixture
def feed(browser_page, exercise):
    browser_page.goto("/exercises/add/")
    expect(browser_page.locator("html[data-notebook-ready]")).to_be_attached()
    return lambda *news: browser_page.evaluate(FEED, list(news))


def test_a_cell_waits_runs_and_ends(feed):
    assert feed(QUEUED)["isBusy"] and feed(QUEUED, RUNNING)["isBusy"]
    end = feed(QUEUED, RUNNING, OK)
    assert end["shown"] == ["queued", "running", "ok"] and end["taken"] == [True, True, True]
    assert end["element"] == "ok" and not end["isBusy"]


def test_what_had_run_already_is_as_it_was_before(feed):
    error = {"status": "error", "seconds": 1}
    for over in ({"status": "ok", "seconds": 0}, "settle"):
        end = feed(error, QUEUED, QUEUED, over)  # asked for twice: by the page, then by the kernel
        assert end["now"] == error and end["element"] == "error"
    assert feed(OK, QUEUED, {"status": "ok", "seconds": 0})["taken"][-1] is False  # nothing to be told of it


def test_a_settled_cell_that_ran_stays(feed):
    assert feed(QUEUED, RUNNING, OK, "settle")["now"] == OK


def test_a_new_kernel_knows_nothing(feed):
    end = feed(QUEUED, RUNNING, OK, "reset")
    assert end["now"] == {"status": ""} and end.get("element") is None
