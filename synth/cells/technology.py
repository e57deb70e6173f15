# SPDX-License-Identifier: Apache-2.0
"""Cell libraries by name, and where a user's process design kit has their files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

TYPICAL, SLOW = "typical", "slow"


PDK_VARIABLES = ("PULSEWRIGHT_PDK", "PDK_ROOT")


@dataclass(frozen=True)
class Technology:
    """What a design is mapped to.

    corners: Liberty files by corner; "typical" is always there. dont_use: patterns of cells that
    are not mapped to, beside those that the library itself excludes. driving_cell: in front of
    each input; the smallest buffer if None.
    """

    name: str
    title: str
    corners: Mapping[str, Path]
    dont_use: tuple[str, ...] = ()
    driving_cell: str | None = None


@dataclass(frozen=True)
class KnownTechnology:
    """files: of the corners. folders: where a kit has them, below what a user names.

    standard_folder: where they are without being named. remedy: how to get them.
    """

    name: str
    title: str
    files: Mapping[str, str]
    folders: tuple[str, ...]
    remedy: str
    standard_folder: Path | None = None
    dont_use: tuple[str, ...] = ()
    driving_cell: str | None = None

    def find(self, pdk: Path | None) -> Technology:
        """Its files below `pdk`, else below PULSEWRIGHT_PDK, PDK_ROOT, or where they always are.

        Raises:
            PulsewrightError: they are in none of these.
        """
        named = {"--pdk": pdk}
        if pdk is None:
            named = {one: Path(os.environ[one]) for one in PDK_VARIABLES if os.environ.get(one)}
        roots = [root for root in (*named.values(), self.standard_folder) if root is not None]
        for root in roots:
            for folder in self.folders:
                corners = {one: root / folder / file for one, file in self.files.items()}
                if all(path.is_file() for path in corners.values()):
                    return Technology(
                        self.name, self.title, corners, self.dont_use, self.driving_cell
                    )
        looked = ", ".join(f"{name} {shortened(str(root))}" for name, root in named.items())
        raise PulsewrightError(
            f"the cells of {self.name} ({', '.join(self.files.values())}) are not in "
            f"{looked or 'PDK_ROOT, which is not set'}; {self.remedy}"
        )


SG13G2 = KnownTechnology(
    "sg13g2",
    "IHP SG13G2, 130 nm",
    {TYPICAL: "sg13g2_stdcell_typ_1p20V_25C.lib", SLOW: "sg13g2_stdcell_slow_1p08V_125C.lib"},
    (".", "libs.ref/sg13g2_stdcell/lib", "ihp-sg13g2/libs.ref/sg13g2_stdcell/lib"),
    "give --pdk FOLDER, that of IHP-Open-PDK or of ciel",
    # Cells for layout, tests, buses and holding times; the gates of clocks are asked for by name.
    dont_use=(
        *("sg13g2_lgcp_1", "sg13g2_slgcp_1", "sg13g2_sdf*", "sg13g2_dl*", "sg13g2_ebufn*"),
        *("sg13g2_einvn*", "sg13g2_sighold", "sg13g2_antennanp", "sg13g2_fill*", "sg13g2_decap*"),
    ),
    driving_cell="sg13g2_buf_2",
)
OSU018 = KnownTechnology(
    "osu018",
    "OSU, 0.18 µm",
    {TYPICAL: "osu018_stdcells.lib"},
    (".", "osu018"),
    "install them with apt-get install qflow-tech-osu018, or give --pdk FOLDER",
    standard_folder=Path("/usr/share/qflow/tech/osu018"),
    dont_use=("TBUFX*", "CLKBUF*", "LATCH"),
    driving_cell="BUFX2",
)
TECHNOLOGIES = {one.name: one for one in (SG13G2, OSU018)}


def of_liberty(path: Path, name: str) -> Technology:
    """One of a user's own Liberty file."""
    return Technology(name, path.name, {TYPICAL: path})
