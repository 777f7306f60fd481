"""`--long`: also what takes too long for the suite (`@pytest.mark.long`), and what is drawn, more often."""


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also what takes minutes; chaos: as often as docs/reliability.md says")


def pytest_collection_modifyitems(config, items):
    if config.getoption("long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
