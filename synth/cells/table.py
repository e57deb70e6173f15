# SPDX-License-Identifier: Apache-2.0
"""Tables of a cell library, over the slope at an input and the load at an output."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.cells.liberty import Group

LOAD = "total_output_net_capacitance"
SLOPES = ("input_net_transition", "input_transition_time")


@dataclass(frozen=True)
class Table:
    """Values (slopes, loads); one slope or one load where there is no such axis.

    slopes, loads: rising, in the library's own units.
    """

    slopes: tuple[float, ...]
    loads: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]

    def __call__(self, slope: float, load: float) -> float:
        """Between the entries linear in each axis, beyond the ends as between the last two."""
        row, along = _place(self.slopes, slope)
        column, across = _place(self.loads, load)
        rows = self.values[row : row + 2]
        at = [
            one[column] + across * (one[column + 1] - one[column]) if across else one[column]
            for one in rows
        ]
        return at[0] + along * (at[1] - at[0]) if along else at[0]


def _place(axis: Sequence[float], value: float) -> tuple[int, float]:
    """The entry below a value, and how far to the next it is."""
    if len(axis) == 1:
        return 0, 0.0
    below = min(max(bisect_right(axis, value) - 1, 0), len(axis) - 2)
    return below, (value - axis[below]) / (axis[below + 1] - axis[below])


def read_table(group: Group, templates: Mapping[str, Group]) -> Table:
    """The table of a group such as `cell_rise (template)`.

    templates: groups of the library by name, that tell what the axes are.

    Raises:
        PulsewrightError: an axis is unknown, or the values do not fit the axes.
    """
    values = [_numbers(row) for row in group.lists.get("values", ())]
    template = templates.get(group.name)
    if template is None or not values:
        if group.name != "scalar" or len(values) != 1 or len(values[0]) != 1:
            raise PulsewrightError(f"{group.kind} ({shortened(group.name)}) has no known template")
        return Table((0.0,), (0.0,), (values[0],))
    slopes: tuple[float, ...] = (0.0,)
    loads: tuple[float, ...] = (0.0,)
    transposed = False
    for number in (1, 2):
        variable = template.values.get(f"variable_{number}")
        if variable is None:
            continue
        axis = group.lists.get(f"index_{number}") or template.lists.get(f"index_{number}", ())
        entries = _numbers(" ".join(axis))
        if variable == LOAD:
            loads, transposed = entries, number == 1
        elif variable in SLOPES:
            slopes = entries
        else:
            raise PulsewrightError(f"axis {shortened(variable)} of {group.kind} is unknown")
    if transposed and len(slopes) > 1:
        values = [tuple(column) for column in zip(*values, strict=False)]
    elif transposed or (len(values) == 1 and len(slopes) > 1):
        flat = values[0]
        values = [flat] if transposed else [(one,) for one in flat]
    if len(values) != len(slopes) or any(len(row) != len(loads) for row in values):
        raise PulsewrightError(f"the values of {group.kind} ({group.name}) do not fit its axes")
    return Table(slopes, loads, tuple(values))


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in text.replace(",", " ").split())
    except ValueError as error:
        raise PulsewrightError(f"{shortened(text)} is no list of numbers") from error
