# SPDX-License-Identifier: Apache-2.0
"""What the programs that we start see of the user's environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pulsewright.hls_model.processes.plain_paths import plain_temporary_folder

# Where things are, and how a terminal is spoken to. Everything else could choose what a simulator
# runs, what make builds or what Python checks: COCOTB_TEST_FILTER, MAKEFLAGS, PYTHONOPTIMIZE, ...
NAMES = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TZ"),
        *("TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "VIRTUAL_ENV"),
        *("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH"),
        *("GCC_EXEC_PREFIX", "SDKROOT", "DEVELOPER_DIR", "MACOSX_DEPLOYMENT_TARGET", "CXX"),
        *("PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "PYTHONNOUSERSITE"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    }
)
PREFIXES = ("CCACHE_", "CONDA_", "GUIX_", "NIX_", "XDG_", "YOWASP_")
# Sentences of tools are searched for words, and are to be the same everywhere.
LOCALE = {"LC_ALL": "C"}
# A Python that is started with -m or -c would import from the folder where it starts: the user's.
SAFE_PATH = {"PYTHONSAFEPATH": "1"}


def tool_environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of `given`, or of this process, that a tool may see, our locale, and TMPDIR.

    A Python among the tools imports nothing from its working folder.

    Raises:
        PulsewrightError: no folder for temporary files has a name that tools take.
    """
    given = os.environ if given is None else given
    kept = {
        name: value for name, value in given.items() if name in NAMES or name.startswith(PREFIXES)
    }
    return kept | LOCALE | SAFE_PATH | {"TMPDIR": str(plain_temporary_folder())}


@contextmanager
def own_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process have these variables and no others while the block runs.

    For libraries that read the environment themselves; it is process-wide, so for one thread.
    """
    before = dict(os.environ)
    try:
        _replace_environment(variables)
        yield
    finally:
        _replace_environment(before)


def _replace_environment(variables: Mapping[str, str]) -> None:
    # One at a time, so that another thread never finds the environment empty.
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)
