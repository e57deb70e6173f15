# SPDX-License-Identifier: Apache-2.0
"""What is handed over to a SoC team: one module for each kind of file, and one that assembles.

No hardware is described here; Verilog comes finished.
"""
