# SPDX-License-Identifier: Apache-2.0
"""The C++ kernel as an emulator: compiled once, called from Python."""

import ctypes
import threading
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import shared_library
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from pulsewright.hls_model.hls_cpp.layer_source import flat_parameters, layer_sources
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.inference import check_codes
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine

# An incremental kernel keeps a state, which one thread at a time may use.
_STATE = threading.Lock()


class Emulator:
    """The kernel of `name` in a shared library that holds its batch function.

    The kernel was generated from `model` and `engine`.

    Raises:
        PulsewrightError: the library cannot be loaded, or is of another kernel.
    """

    def __init__(
        self, shared_object: Path, name: str, model: IntegerMlp, engine: FoldedEngine
    ) -> None:
        self.shared_object = shared_object
        self.model = model
        self.engine = engine
        self._parameters = flat_parameters(model, engine) if engine.reloadable else None
        try:
            self._batch = getattr(ctypes.CDLL(str(shared_object.resolve())), f"{name}_batch")
        except (OSError, AttributeError) as error:
            raise PulsewrightError(
                f"{shared_object} is no emulator of {name} for this machine; "
                "delete it to have it made again"
            ) from error
        pointers = [ctypes.c_void_p] * (2 if engine.reloadable else 1)
        self._batch.argtypes = [ctypes.c_void_p, ctypes.c_int64, *pointers]
        self._batch.restype = None

    @classmethod
    def build(cls, name: str, model: IntegerMlp, engine: FoldedEngine, folder: Path) -> Self:
        """Generate the kernel and compile it in `folder`, unless it is there already.

        name: a lower-case C identifier.

        Raises:
            PulsewrightError: there is no compiler, it fails, or a format is too wide for C++.
        """
        contents = emulator_files(name, model, engine)
        library = shared_library(folder, name, contents, f"{name}_emulator.cpp")
        return cls(library, name, model, engine)

    def loaded(self, model: IntegerMlp) -> Self:
        """The same kernel with the weights and biases of `model`, if they are reloadable.

        Raises:
            PulsewrightError: they are not, or the kernel of `model` has other formats.
        """
        if not self.engine.reloadable:
            raise PulsewrightError(
                "the weights of this emulator are constants; fold with reloadable weights, "
                "or build an emulator for the other model"
            )
        if _structure(model, self.engine) != _structure(self.model, self.engine):
            raise PulsewrightError(
                f"model {model.name} has another structure than the kernel (sizes {model.sizes} "
                f"against {self.model.sizes}, or formats); build an emulator for it"
            )
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.model = model
        other._parameters = flat_parameters(model, self.engine)
        return other

    def infer(self, codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
        """Input codes (rows, inputs) to output integers (rows, outputs), int64.

        An incremental kernel takes the rows as one sequence, the first of them fresh.

        Raises:
            PulsewrightError: the shape is wrong, or a code is no integer or leaves the format.
        """
        check_codes(self.model.layers[0], codes)
        rows = np.ascontiguousarray(codes, dtype=np.int64)
        results = np.empty((len(rows), self.model.outputs), dtype=np.int64)
        arguments = [rows.ctypes.data, len(rows)]
        if self._parameters is not None:
            arguments.append(self._parameters.ctypes.data)
        arguments.append(results.ctypes.data)
        if self.engine.incremental:
            with _STATE:
                self._batch(*arguments)
        else:
            self._batch(*arguments)
        return results


def emulator_files(name: str, model: IntegerMlp, engine: FoldedEngine) -> dict[str, bytes]:
    """Files by their names, of which `<name>_emulator.cpp` is to be compiled.

    Raises:
        PulsewrightError: a format is too wide for C++.
    """
    no_vectors = np.empty((0, model.sizes[0]), dtype=np.int64)
    contents = {
        path: data
        for path, data in kernel_files(name, model, engine, no_vectors).items()
        if path.endswith(".h") or path in (f"{name}.cpp", f"{name}_batch.cpp")
    }
    # One translation unit, so that the compiler sees the kernel inside the loop over the rows.
    parts = f'#include "{name}.cpp"\n#include "{name}_batch.cpp"\n'
    return contents | {f"{name}_emulator.cpp": parts.encode()}


def _structure(model: IntegerMlp, engine: FoldedEngine) -> list[object]:
    """All that the kernel's source says of a network whose weights are reloadable."""
    layers: list[object] = [
        (
            source.folded_layer,
            source.widths,
            source.shaped.rounding,
            source.shift,
            source.largest,
            source.layer.channel_shifts,
            source.scale_rows().tolist(),
        )
        for source in layer_sources(model, engine)
    ]
    return [model.output, *layers]
