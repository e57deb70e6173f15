# SPDX-License-Identifier: Apache-2.0
"""Systems on chip: RISC-V cores that run compiled C with the coprocessor, in simulation.

The C itself lives in `firmware`, the cores in their own packages.
"""
