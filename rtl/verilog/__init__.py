# SPDX-License-Identifier: Apache-2.0
"""From Amaranth to Verilog that people and tools read: names, widths, ports, waivers.

No hardware is described here.
"""
