# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rtl.top import ObiTop, StreamTop, Top
from rtl.verilog import to_verilog
from tests.models import fold_model, random_model

A1_FOLDING = (6, 64, 1), [(8, 6), (1, 8)]


def ports(top: Top, name: str) -> dict[str, tuple[str, int]]:
    """Direction and width of each port of the Verilog module."""
    text = to_verilog(top, name)
    body = text[text.index(f"module {name}(") :]
    body = body[: body.index("endmodule")]
    found = {}
    for direction, high, port in re.findall(
        r"^\s*(input|output)\s+(?:\[(\d+):0\]\s+)?(\w+);", body, re.MULTILINE
    ):
        found[port] = (direction, int(high or 0) + 1)
    header = body[body.index("(") + 1 : body.index(")")]
    assert {port.strip() for port in header.split(",")} == set(found)
    return found


def test_the_obi_top_has_the_ports_of_the_standard_and_no_others() -> None:
    sizes, foldings = A1_FOLDING
    model = random_model(sizes)
    assert ports(ObiTop(model, fold_model(model, foldings)), "coprocessor") == {
        "clk_i": ("input", 1),
        "rst_ni": ("input", 1),
        "event_o": ("output", 1),
        "obi_req_i": ("input", 1),
        "obi_gnt_o": ("output", 1),
        "obi_addr_i": ("input", 32),
        "obi_we_i": ("input", 1),
        "obi_be_i": ("input", 4),
        "obi_wdata_i": ("input", 32),
        "obi_aid_i": ("input", 1),
        "obi_rvalid_o": ("output", 1),
        "obi_rready_i": ("input", 1),
        "obi_rdata_o": ("output", 32),
        "obi_err_o": ("output", 1),
        "obi_rid_o": ("output", 1),
    }


@pytest.mark.parametrize(
    ("sizes", "foldings", "input_width"),
    [(*A1_FOLDING, 8), ((5, 4, 3), [(2, 5), (1, 2)], 12)],
)
def test_the_stream_top_is_as_wide_as_its_vectors(
    sizes: tuple[int, ...], foldings: list[tuple[int, int]], input_width: int
) -> None:
    model = random_model(sizes, input_width=input_width)
    assert ports(StreamTop(model, fold_model(model, foldings)), "engine") == {
        "clk_i": ("input", 1),
        "rst_ni": ("input", 1),
        "vector_valid_i": ("input", 1),
        "vector_ready_o": ("output", 1),
        "vector_data_i": ("input", sizes[0] * input_width),
        "result_valid_o": ("output", 1),
        "result_ready_i": ("input", 1),
        "result_data_o": ("output", sizes[-1] * model.output_format.width),
    }


def test_the_reset_is_active_low_and_asynchronous() -> None:
    sizes, foldings = A1_FOLDING
    model = random_model(sizes)
    text = to_verilog(StreamTop(model, fold_model(model, foldings)), "engine")
    top = text[text.index("module engine(") :]
    assert re.search(r"assign rst = ~\s*rst_ni;", top)
    assert re.search(r"always @\(posedge clk, posedge rst\)", text)


REFUSED = """
from hls_model.errors import PulsewrightError
from rtl.coprocessor import Coprocessor
from rtl.top import ObiTop
from tests.models import fold_model, random_model

model = random_model((129, 1))
for kind in (Coprocessor, ObiTop):
    try:
        kind(model, fold_model(model, [(1, 1)]))
    except PulsewrightError as error:
        print(error)
"""


def test_a_network_that_does_not_fit_the_registers_is_refused_with_one_sentence() -> None:
    """In a process of its own: Amaranth may not add a warning of a design that is not used."""
    run = subprocess.run(
        [sys.executable, "-c", REFUSED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    sentence = (
        "129 inputs of 8 bits need 33 input words, the register map has 32; "
        "use at most 128 inputs\n"
    )
    assert (run.stdout, run.stderr) == (2 * sentence, "")
