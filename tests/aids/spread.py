"""The whole suite in several processes at once, file by file: half of its time it waits for voices.

The tests that drive a whole JupyterLab come last and in one process: two of them at once would be
no call as people have it.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

PROCESSES = 3
BROWSER = "tests/browser/"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the number
def pytest_cmdline_main(config):
    """Several for ``pytest`` and nothing else; what somebody picks runs in the process that they started."""
    option = config.option
    whole = config.args_source is config.ArgsSource.TESTPATHS and option.markexpr == "not campaign"
    picked = option.keyword or getattr(option, "lf", False) or option.usepdb or option.collectonly
    worker = hasattr(config, "workerinput")  # which asks, too, and would have workers of its own
    if whole and not picked and not worker and option.numprocesses is None:
        option.numprocesses = PROCESSES


def pytest_collection_modifyitems(items):
    items.sort(key=_turn)


def pytest_xdist_make_scheduler(config, log):
    return Spread(config, log)


class Spread(LoadScopeScheduling):
    """A file is one piece of work, and so are all the tests in a browser's JupyterLab together."""

    def __init__(self, config, log):
        super().__init__(config, log)
        config.option.loadscopereorder = False  # keeps ours

    def _split_scope(self, nodeid):
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def _turn(item):
    """Long files first, so that none is left over at the end; JupyterLab last."""
    if item.nodeid.startswith(BROWSER):
        return 2
    return 0 if item.get_closest_marker("slow") else 1
