# SPDX-License-Identifier: Apache-2.0
"""From pulse curves of memristive devices to a bit-exact MLP coprocessor in Verilog.

`import pulsewright as pw`: what is listed in `__all__` is imported when it is first used; see
docs/api.md.
"""

from importlib import import_module

# The console script passes here before it can settle what signals do, and `typing` takes its time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pulsewright.flow.api.design import Design as Design
    from pulsewright.flow.api.design import Operations as Operations
    from pulsewright.flow.api.design import fold as fold
    from pulsewright.flow.api.recipes import import_model as import_model
    from pulsewright.flow.api.recipes import load_model as load_model
    from pulsewright.flow.api.recipes import read_recipe as read_recipe
    from pulsewright.flow.api.report import Report as Report
    from pulsewright.flow.api.report import read_report as read_report
    from pulsewright.flow.api.simulation import Simulation as Simulation
    from pulsewright.flow.api.simulation import simulate as simulate
    from pulsewright.flow.api.training import TrainedModel as TrainedModel
    from pulsewright.flow.api.training import train as train
    from pulsewright.flow.errors import VerificationError as VerificationError
    from pulsewright.flow.recipe import Recipe as Recipe
    from pulsewright.hls_model.errors import PulsewrightError as PulsewrightError
    from pulsewright.hls_model.reference.integer_mlp import IntegerMlp as IntegerMlp

_HOMES = {
    "Design": "flow.api.design",
    "IntegerMlp": "hls_model.reference.integer_mlp",
    "Operations": "flow.api.design",
    "PulsewrightError": "hls_model.errors",
    "Recipe": "flow.recipe",
    "Report": "flow.api.report",
    "Simulation": "flow.api.simulation",
    "TrainedModel": "flow.api.training",
    "VerificationError": "flow.errors",
    "fold": "flow.api.design",
    "import_model": "flow.api.recipes",
    "load_model": "flow.api.recipes",
    "read_recipe": "flow.api.recipes",
    "read_report": "flow.api.report",
    "simulate": "flow.api.simulation",
    "train": "flow.api.training",
}
__all__ = [
    "Design",
    "IntegerMlp",
    "Operations",
    "PulsewrightError",
    "Recipe",
    "Report",
    "Simulation",
    "TrainedModel",
    "VerificationError",
    "fold",
    "import_model",
    "load_model",
    "read_recipe",
    "read_report",
    "simulate",
    "train",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
