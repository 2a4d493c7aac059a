from learnpaths.search import registry


def test_apps_above_register_what_they_add():
    assert list(registry.kinds()) == ["lesson", "path", "term", "exercise"]
    assert [kind.name for kind in registry.personal_kinds()] == ["submission"]
