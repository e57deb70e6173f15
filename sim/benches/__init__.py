# SPDX-License-Identifier: Apache-2.0
"""cocotb test benches; they run inside a simulator, started by `pulsewright.sim.runner`."""
