# SPDX-License-Identifier: Apache-2.0
"""The software baselines of one network, compiled for this machine."""

import ctypes
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.soc.baselines import baselines
from pulsewright.sim.soc.network_header import network_header
from pulsewright.sim.soc.rows_header import input_words

BASELINE = Path(str(files("pulsewright.firmware") / "baseline"))
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wundef", "-Wmissing-prototypes"]
STANDARD = ["-std=c99", "-ffreestanding"]


class Baselines:
    """Calls them."""

    def __init__(self, model: IntegerMlp, folder: Path) -> None:
        self.model = model
        self.lane_bits = compile_register_map(model).input_lane_bits
        self.names = baselines(model)
        (folder / "network.h").write_text(network_header(model))
        flags = [*STANDARD, *WARNINGS, "-O1", "-shared", "-fPIC", f"-I{folder}"]
        flags += ["-fsanitize=undefined", "-fno-sanitize-recover"]
        sources = [BASELINE / f"{name}.c" for name in self.names]
        subprocess.run(["gcc", *flags, *sources, "-o", folder / "baselines.so"], check=True)
        self.compiled = ctypes.CDLL(str(folder / "baselines.so"))

    def infer(self, name: str, codes: IntegerArray) -> IntegerArray:
        """Codes (rows, inputs) to results (rows, outputs)."""
        results = np.zeros((len(codes), self.model.outputs), dtype=np.int32)
        words = np.array(input_words(codes, self.lane_bits), dtype=np.uint32)
        function: Any = getattr(self.compiled, name)
        for row, result in zip(words, results, strict=True):
            function(row.ctypes.data_as(ctypes.c_void_p), result.ctypes.data_as(ctypes.c_void_p))
        return results.astype(np.int64)

    def curve(self, codes: IntegerArray, n0: int, n1: int) -> IntegerArray:
        """Results (pulse numbers, outputs) of n0 to n1."""
        results = np.zeros((n1 - n0 + 1, self.model.outputs), dtype=np.int32)
        words = np.array(input_words(codes.reshape(1, -1), self.lane_bits), dtype=np.uint32)
        self.compiled.mlp_incremental(
            words.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_uint32(n0),
            ctypes.c_uint32(n1),
            results.ctypes.data_as(ctypes.c_void_p),
        )
        return results.astype(np.int64)
