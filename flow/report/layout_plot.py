# SPDX-License-Identifier: Apache-2.0
"""A picture of a layout: its cells, and above them its wires."""

from pathlib import Path

from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.synth.layout.lef import Lef
from pulsewright.synth.layout.routed_design import PlacedCell, RoutedDesign

KINDS = {"DFF": ("flip-flops", "tab:blue"), "FILL": ("filler cells", "whitesmoke")}
OTHER = ("logic", "lightsteelblue")
LAYERS = ("tab:red", "tab:green", "tab:orange", "tab:purple", "tab:brown", "tab:gray")


def plot_layout(design: RoutedDesign, lef: Lef, title: str, target: Path) -> None:
    """Draw it as PNG, to scale, wires by layer."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.collections import LineCollection, PatchCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch, Rectangle

    figure, axis = plt.subplots(figsize=(9, 9 * design.height / design.width))
    handles: list[Patch | Line2D] = []
    for name, colour in (OTHER, *KINDS.values()):
        boxes = [_box(one, lef) for one in design.cells if _kind(one.cell)[0] == name]
        if boxes:
            patches = [Rectangle(corner, *size) for corner, size in boxes]
            drawn = PatchCollection(patches, facecolor=colour, edgecolor="white", linewidth=0.2)
            axis.add_collection(drawn)
            handles.append(Patch(facecolor=colour, label=f"{len(boxes)} {name}"))
    for layer, colour in zip(lef.layers, LAYERS, strict=False):
        lines = [
            [(one.x_from, one.y_from), (one.x_to, one.y_to)]
            for wires in design.wires.values()
            for one in wires
            if one.layer == layer
        ]
        if lines:
            axis.add_collection(LineCollection(lines, colors=colour, linewidths=0.3))
            handles.append(Line2D([], [], color=colour, label=layer))
    axis.autoscale()
    axis.set_aspect("equal")
    axis.set_xlabel("µm")
    axis.set_ylabel("µm")
    axis.set_title(plot_text(title), fontsize=10)
    axis.legend(handles=handles, fontsize=7, loc="upper left", bbox_to_anchor=(1.01, 1))
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120, bbox_inches="tight")
    plt.close(figure)


def _kind(cell: str) -> tuple[str, str]:
    return next((kind for start, kind in KINDS.items() if cell.startswith(start)), OTHER)


def _box(placed: PlacedCell, lef: Lef) -> tuple[tuple[float, float], tuple[float, float]]:
    width, height = lef.sizes[placed.cell]
    return (placed.x, placed.y), (height, width) if placed.is_turned else (width, height)
