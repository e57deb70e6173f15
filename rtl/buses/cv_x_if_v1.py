# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 1.0, of CVE2 and CVA6."""

from pulsewright.rtl.buses.bus import IdWidth
from pulsewright.rtl.buses.instruction_interface import InstructionInterface

CV_X_IF_V1 = InstructionInterface(
    name="cv_x_if_v1",
    title="CORE-V eXtension interface 1.0",
    component="CvXIfV1",
    prefix="x",
    # X_ID_WIDTH.
    id_width=IdWidth(3, 32, 4),
)
