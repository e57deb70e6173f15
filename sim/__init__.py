# SPDX-License-Identifier: Apache-2.0
"""Floor 3: cocotb test benches on Icarus and Verilator, against the integer reference.

What is simulated is never changed here, and nothing is trained.
"""
