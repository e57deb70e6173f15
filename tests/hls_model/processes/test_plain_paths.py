# SPDX-License-Identifier: Apache-2.0
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes import plain_paths
from pulsewright.hls_model.processes.plain_paths import (
    PlainPaths,
    is_plain,
    plain_temporary_folder,
)

NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."})


@pytest.mark.parametrize(
    "name",
    ["a b", "a#b", "a$b", "a:b", "a;b", "a'b", 'a"b', "a%b", "a\\b", "a\nb", "ä", "-a", "a+b"],
)
def test_what_a_tool_may_trip_over_is_not_plain(name: str) -> None:
    assert not is_plain(Path("/home") / name / "build")


def test_ordinary_paths_are_taken_as_they_are() -> None:
    with PlainPaths() as paths:
        path = Path("/usr/lib/x86_64-linux-gnu/python3.11/a_b-c.d")
        assert paths.plain(path) == path
        assert paths.spelled(f"-I{path}") == f"-I{path}"


@given(NAMES)
def test_any_folder_gets_a_plain_name_that_leads_to_it(name: str) -> None:
    with tempfile.TemporaryDirectory() as outer:
        odd = Path(outer) / f"{name} "
        odd.mkdir()
        (odd / "file.v").write_text("text")
        with PlainPaths() as paths:
            link = paths.plain(odd)
            assert is_plain(link)
            assert link.resolve() == odd
            assert paths.plain(odd / "file.v").read_text() == "text"
            assert paths.spelled(f"-L{odd}/lib -o {odd / 'file.v'}") == (
                f"-L{link}/lib -o {link / 'file.v'}"
            )
        assert not link.parent.exists()
        assert odd.exists()


def test_without_any_fit_place_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_paths, "is_plain", lambda path: False)
    with pytest.raises(PulsewrightError, match=r"has a name that .* set TMPDIR to one of"):
        plain_temporary_folder()
