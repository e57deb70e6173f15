# SPDX-License-Identifier: Apache-2.0
"""Floor 2: the coprocessor in Amaranth, its registers and attachments, and its Verilog.

Nothing is trained and nothing simulated here.
"""
