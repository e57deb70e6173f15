# SPDX-License-Identifier: Apache-2.0
"""AXI4-Streams around the engine: framing by TLAST, conversion of widths, dropping of results.

What an engine computes lives below, registers and memory-mapped buses live beside.
"""
