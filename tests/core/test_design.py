"""The page of the design: each component in each state, from the templates that the pages use."""


def test_it_works(client):
    answer = client.get("/design/").content.decode()
    for part in (
        'class="icon"',
        "note-box bad",
        "This field is required",
        'class="empty"',
        'class="loading"',
        "code-cell check",
    ):
        assert part in answer
