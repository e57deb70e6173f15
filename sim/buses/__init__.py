# SPDX-License-Identifier: Apache-2.0
"""Drivers, rule checkers and the registry of the memory-mapped buses.

No test bench lives here; `sim/benches` uses what is here.
"""
