# SPDX-License-Identifier: Apache-2.0
"""Instruction attachments in simulation: drivers, rules, programs and real cores.

Memory-mapped buses live in `sim/buses`.
"""
