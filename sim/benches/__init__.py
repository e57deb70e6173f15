# SPDX-License-Identifier: Apache-2.0
"""cocotb test benches; they run inside a simulator, started by `sim/runner.py`.

Drivers and rules live in `sim/buses` and `sim/instructions`.
"""
