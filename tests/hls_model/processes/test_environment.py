# SPDX-License-Identifier: Apache-2.0
import os
import tempfile
from pathlib import Path

import pytest

from pulsewright.hls_model.processes.environment import own_environment, tool_environment


def test_what_a_tool_sees_is_listed_and_the_rest_is_not_seen() -> None:
    given = {"PATH": "/bin", "HOME": "/h", "XDG_CACHE_HOME": "/c", "MAKEFLAGS": "-n", "WAVES": "1"}
    assert tool_environment(given) == {
        "PATH": "/bin",
        "HOME": "/h",
        "XDG_CACHE_HOME": "/c",
        "LC_ALL": "C",
        "PYTHONSAFEPATH": "1",
        "TMPDIR": tempfile.gettempdir(),
    }


def test_a_folder_for_temporary_files_that_tools_trip_over_is_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "a b"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    assert tool_environment({"TMPDIR": str(odd)})["TMPDIR"] == "/tmp"


@pytest.mark.parametrize("fails", [False, True])
def test_the_environment_is_ours_in_the_block_and_the_user_s_after_it(fails: bool) -> None:
    before = dict(os.environ)
    seen = {}

    def use() -> None:
        with own_environment({"ONLY": "1"}):
            seen.update(os.environ)
            if fails:
                raise RuntimeError("broken off")

    if fails:
        with pytest.raises(RuntimeError, match="broken off"):
            use()
    else:
        use()
    assert seen == {"ONLY": "1"}
    assert dict(os.environ) == before
