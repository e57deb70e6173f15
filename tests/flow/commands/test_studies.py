# SPDX-License-Identifier: Apache-2.0
"""Options of the commands that train many networks."""

import inspect

import pytest

from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.commands.studies import closed_loop
from tests.flow.conftest import invoke


def test_the_read_voltage_is_that_of_the_settings() -> None:
    default = inspect.signature(closed_loop).parameters["read_voltage"].default
    assert default == ClosedLoopSettings().read_voltage


@pytest.mark.parametrize("volts", ["0", "-0.5", "inf", "nan", "much"])
def test_a_read_voltage_that_is_none_is_refused(volts: str) -> None:
    result = invoke("closed-loop", "--read-voltage", volts)
    assert result.exit_code == 2
    assert "--read-voltage" in " ".join(result.output.split())
