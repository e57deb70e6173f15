# SPDX-License-Identifier: Apache-2.0
"""Pickled NumPy arrays, read without running what a pickle may carry."""

import io
import pickle
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.shortened import LONGEST_VALUE, cut

# The published files have 1.3 MB and 90 opcodes.
MOST_BYTES = 64 << 20
MOST_OPCODES = 1000
LONGEST_DTYPE = 8


def _empty_array(_subtype: Any, _shape: Any, _dtype: Any) -> npt.NDArray[Any]:
    """Stand in for NumPy's `_reconstruct`, which would allocate any shape the file asks for.

    A genuine pickle asks for an empty array here and fills it afterwards.
    """
    return np.ndarray((0,), dtype=np.int8)


def _dtype(code: Any, *options: Any) -> "np.dtype[Any]":
    """A type of numbers such as "f8"; no record, and no array within the array."""
    if not isinstance(code, str) or len(code) > LONGEST_DTYPE:
        raise ValueError(f"the element type {str(code)[:60]!r}")
    return np.dtype(code, *options)


# Stands for the class where a genuine pickle hands it to `_reconstruct`. The class itself, when
# called, would allocate any shape.
_ARRAY_CLASS = object()

ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _empty_array,
    ("numpy._core.multiarray", "_reconstruct"): _empty_array,
    ("numpy", "ndarray"): _ARRAY_CLASS,
    ("numpy", "dtype"): _dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """An unpickler that knows what an array is made of and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Look up a global, from the allow-list alone.

        Raises:
            PulsewrightError: any other global, which is what an attack would call.
        """
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise PulsewrightError(
                f"forbidden global {cut(repr(f'{module}.{name}'), LONGEST_VALUE)} in a pickle "
                "that should hold one NumPy array; do not trust this file"
            ) from None


def read_array(path: Path) -> npt.NDArray[np.float64]:
    """Read the one float64 array that is pickled in `path`, any shape.

    Raises:
        PulsewrightError: the file is missing, too large, not a pickle, cut short, names a global
            other than NumPy's array and dtype, or holds anything but one float64 array.
    """
    try:
        data = read_plain_bytes(path, MOST_BYTES)
        _check_opcodes(data)
        loaded = ArrayUnpickler(io.BytesIO(data)).load()
    except PulsewrightError as error:
        raise PulsewrightError(f"{path}: {error}") from error
    except OSError as error:
        raise PulsewrightError(
            f"cannot read {path}: {error.strerror}; name the folder that holds it"
        ) from error
    except Exception as error:
        # A damaged pickle raises nearly any exception: UnpicklingError, EOFError, KeyError, ...
        reason = str(error) or type(error).__name__
        raise PulsewrightError(
            f"{path} is not a pickled NumPy array: {reason}; download it again"
        ) from error
    if not isinstance(loaded, np.ndarray) or loaded.dtype != np.float64:
        what = f"an array of {loaded.dtype}" if isinstance(loaded, np.ndarray) else repr(loaded)
        raise PulsewrightError(
            f"{path} holds {what[:60]}, expected a float64 array; download it again"
        )
    return loaded


def _check_opcodes(data: bytes) -> None:
    """Refuse a pickle that would work or allocate for more than one array.

    Python's own unpickler makes room for as many values as the largest index into its memo.
    """
    for number, (opcode, argument, _) in enumerate(pickletools.genops(data)):
        indexes_memo = opcode.name in ("PUT", "BINPUT", "LONG_BINPUT")
        if number >= MOST_OPCODES or (indexes_memo and int(argument or 0) > MOST_OPCODES):
            raise ValueError(f"it has more than {MOST_OPCODES} operations or values")
