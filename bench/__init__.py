# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: `make bench`.

Ratios of one run, never asserted; proofs live in `tests/`.
"""
