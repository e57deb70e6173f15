# SPDX-License-Identifier: Apache-2.0
"""Faults planted in the generated Verilog by Yosys, and the proof that one of them changes nothing.

Which bench sees a fault is not known here.
"""
