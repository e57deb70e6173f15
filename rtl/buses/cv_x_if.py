# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 0.2, of CV32E40X."""

from pulsewright.rtl.buses.bus import IdWidth
from pulsewright.rtl.buses.instruction_interface import InstructionInterface

CV_X_IF = InstructionInterface(
    name="cv_x_if",
    title="CORE-V eXtension interface 0.2",
    component="CvXIf",
    prefix="x",
    # X_ID_WIDTH.
    id_width=IdWidth(3, 32, 4),
)
