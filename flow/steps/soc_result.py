# SPDX-License-Identifier: Apache-2.0
"""What firmware on a simulated system showed, as it is stored and reported."""

from pydantic import BaseModel, ConfigDict

from pulsewright.sim.soc.cycle_table import MethodCycles
from pulsewright.sim.soc.system_energy import SystemEnergy

SUMMARY = "firmware.json"


class SocResult(BaseModel):
    """What one system showed.

    rows, mismatches: inferences by the firmware, from physical integers on, and those that differ
    from the integer model, summed over every way to infer. methods: cycles by method. faults:
    status that the driver gave for each fault. driver_bytes: code of the whole driver at -O2, and
    of the functions that an inference needs. hardware_energy, software_energy: picojoule of one
    inference of the whole system, tier 2, by the default table (`sim/soc/system_energy.py`). A
    network with windows has no software beside it, and no faults.
    """

    model_config = ConfigDict(extra="forbid")

    model_digest: str
    core: str
    attachment: str
    simulator: str
    test_rows: int
    rows: int
    mismatches: int
    methods: dict[str, MethodCycles]
    faults: dict[str, int]
    driver_bytes: dict[str, int]
    hardware_energy: SystemEnergy
    software_energy: SystemEnergy | None
