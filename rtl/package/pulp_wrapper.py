# SPDX-License-Identifier: Apache-2.0
"""The coprocessor in the shape of PULPissimo's accelerator slot `fc_hwpe`."""

from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render


def pulp_wrapper(design: PackagedDesign) -> str:
    """SystemVerilog with the ports of fc_hwpe: the periph target, idle TCDM masters, events.

    `design` has an HWPE-Periph port (`design.pulp_wrapper` is its name). PULP's interfaces
    XBAR_PERIPH_BUS and XBAR_TCDM_BUS come from the SoC.
    """
    identifier = next(port for port in design.ports if port.name == "periph_id_i")
    others = [
        port
        for port in design.ports
        if not port.is_input and port not in design.bus_ports and port.name != "event_o"
    ]
    return render("fc_hwpe.sv.j2", design=design, identifier_bits=identifier.width, others=others)
