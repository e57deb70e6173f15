# SPDX-License-Identifier: Apache-2.0
"""What is the same for the ports of all buses; how each answers is tested beside its component."""

from typing import Any

import pytest

from pulsewright.rtl.attachments.registry import attachment_class, make_attachment
from pulsewright.rtl.buses.options import AttachmentOptions
from tests.rtl.simulation import run, set_members

# Of each signature its defaults, and one other value of each parameter.
PARAMETERS: dict[str, list[tuple[str, object, object]]] = {
    "obi": [("address_bits", 32, 12), ("id_bits", 1, 4)],
    "apb": [("address_bits", 32, 12)],
    "hwpe_periph": [("address_bits", 32, 12), ("id_bits", 1, 4)],
    "axi_lite": [("address_bits", 32, 12)],
    "wishbone": [("address_bits", 32, 12), ("addressing", "byte", "word")],
    "reg_interface": [("address_bits", 32, 12)],
}
HIGHEST_WORD = 0xFFFF_FFFC


@pytest.mark.parametrize("bus", PARAMETERS)
def test_signatures_compare_by_their_parameters(bus: str) -> None:
    kind: Any = attachment_class(bus).SIGNATURE
    defaults = {name: default for name, default, _ in PARAMETERS[bus]}
    assert kind() == kind(**defaults)
    assert kind() != object()
    for name, _, other in PARAMETERS[bus]:
        assert kind(**{name: other}) != kind()
        assert kind(**{name: other}) == kind(**{**defaults, name: other})
    others = [other for _, _, other in PARAMETERS[bus]]
    said = ", ".join(repr(one) for one in others)
    assert repr(kind(*others)) == f"{kind.__name__}({said})"


@pytest.mark.parametrize("register_bits", [13, 20])
@pytest.mark.parametrize(
    ("bus", "options", "values"),
    [
        ("apb", {}, {"paddr": HIGHEST_WORD}),
        ("hwpe_periph", {}, {"add": HIGHEST_WORD}),
        ("axi_lite", {}, {"arvalid": 1, "araddr": HIGHEST_WORD}),
        ("wishbone", {"addressing": "byte"}, {"adr": HIGHEST_WORD}),
        ("wishbone", {"addressing": "word"}, {"adr": HIGHEST_WORD >> 2}),
        ("reg_interface", {}, {"addr": HIGHEST_WORD}),
    ],
)
def test_the_register_bus_gets_as_much_of_the_address_as_it_takes(
    bus: str, options: dict[str, Any], values: dict[str, int], register_bits: int
) -> None:
    """Those that pass a request on in its cycle; OBI keeps it first."""
    attachment = make_attachment(bus, register_bits, AttachmentOptions(**options))

    async def testbench(ctx: Any) -> None:
        set_members(ctx, attachment.port, values)
        assert ctx.get(attachment.bus.address) == 2**register_bits - 4

    run(attachment, testbench)
