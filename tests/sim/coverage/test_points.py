# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.coverage.points import Point, PointKind, read_counts


def line(page: str, what: str, count: int, place: tuple[int, int] = (7, 3)) -> str:
    fields = {"f": "a b.v", "l": place[0], "n": place[1], "t": "t", "page": page, "o": what}
    text = "".join(f"\x01{name}\x02{value}" for name, value in fields.items())
    return f"C '{text}\x01h\x02top.one' {count}"


def test_points_are_read_and_those_of_instances_are_one(tmp_path: Path) -> None:
    file = tmp_path / "coverage.dat"
    file.write_text(
        "# SystemC::Coverage-3\n"
        + "\n".join(
            [
                line("v_toggle/top", "results___05F0[12]:0->1", 3),
                line("v_toggle/top", "results___05F0[12]:0->1", 4),
                line("v_toggle/top", "ready:1->0", 0),
                line("v_branch/part", "else", 2),
                line("v_line/part", "case", 0, (9, 1)),
            ]
        )
        + "\n"
    )
    counts = read_counts(file)
    assert counts == {
        Point(PointKind.TOGGLE, "top", 7, 3, "results__0[12]:0->1"): 7,
        Point(PointKind.TOGGLE, "top", 7, 3, "ready:1->0"): 0,
        Point(PointKind.BRANCH, "part", 7, 3, "else"): 2,
        Point(PointKind.LINE, "part", 9, 1, "case"): 0,
    }
    assert [point.bit for point in counts] == [("results__0", 12), ("ready", 0), None, None]


@pytest.mark.parametrize(
    "text",
    [
        "C 'x' 1",
        "C '\x01page\x02v_line/top' one",
        line("v_user/top", "cover", 1),
        line("v_line/top", "if", 1).replace("\x01l\x027", "\x01l\x02x"),
    ],
)
def test_what_is_no_coverage_is_one_sentence(text: str, tmp_path: Path) -> None:
    file = tmp_path / "coverage.dat"
    file.write_text(text + "\n")
    with pytest.raises(PulsewrightError, match="is no coverage that Verilator counted"):
        read_counts(file)


def test_neither_is_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"coverage\.dat is no coverage"):
        read_counts(tmp_path / "coverage.dat")
