# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.register_texts.register_view import FieldView, map_view
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import design

MAP = "addrmap top {{ default sw = r; default hw = w; addressing = compact; {} }};"
WORD = "reg {{ field {{ {} }} A[4]; }} R @ 0x0;"


def test_members_come_by_address_and_do_not_overlap() -> None:
    register_map = design("obi", "reloadable").register_map
    view = map_view(compiled_rdl(system_rdl(register_map, "mine"), addrmap_name("mine")))
    end = 0
    for member in view.members:
        assert member.offset >= end
        end = member.offset + member.bytes
    assert view.registers_bytes <= view.memories[0].offset
    assert register_map.window is not None
    assert end == register_map.window.end


def test_a_field_has_its_bits_access_and_reset() -> None:
    text = "reg { field { sw = rw; hw = r; desc = 'x'; } A[11:4] = 5; } R @ 0x0;".replace("'", '"')
    (word,) = map_view(compiled_rdl(MAP.format(text), "top")).words
    assert word.fields == (FieldView("A", 4, 8, 5, "read-write", volatile=False, text="x"),)
    assert (word.fields[0].high, word.fields[0].mask) == (11, 0xFF0)


def test_a_field_that_a_one_clears_says_so() -> None:
    text = MAP.format(WORD.format("onwrite = woclr; sw = rw;"))
    (word,) = map_view(compiled_rdl(text, "top")).words
    assert word.fields[0].cleared_by_one
    assert word.fields[0].access == "read-write"


@pytest.mark.parametrize(
    "text",
    [
        WORD.format("onwrite = woset; sw = rw;"),
        WORD.format("onread = rclr;"),
        "reg { regwidth = 8; field {} A[4]; } R @ 0x0;",
        "reg { field {} A[4]; } R[2] @ 0x0 += 8;",
        "regfile { reg { field {} A[4]; } R @ 0x0; } G @ 0x0;",
        "regfile { reg { field {} A[4]; } R @ 0x0; } G[2] @ 0x0 += 16;",
        "external mem { mementries = 4; memwidth = 8; } M @ 0x0;",
    ],
)
def test_what_no_template_shows_is_not_dropped_in_silence(text: str) -> None:
    with pytest.raises(NotImplementedError):
        map_view(compiled_rdl(MAP.format(text), "top"))
