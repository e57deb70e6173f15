# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_model


@pytest.mark.parametrize(("pe", "declared"), [(4, "kept"), (2, "kept [1:0]")])
def test_what_is_kept_has_one_name_for_any_number_of_groups(pe: int, declared: str) -> None:
    """Benches count its loads by that name; and nothing else is kept of the vector before."""
    model = random_model((7, 4))
    folded = fold_model(model, [(pe, 3)], incremental=True)
    verilog = to_verilog(BusTop(model, folded, "obi"), "dut")
    layer = verilog[verilog.index("module dut_coprocessor_engine_layer1") :]
    registers = re.findall(r"reg \[\d+:0\] (kept.*);", layer[: layer.index("endmodule")])
    assert registers == [declared]
