# SPDX-License-Identifier: Apache-2.0
"""Boards with an FPGA that open tools make images for: pins, clock, top level, bitstream.

What is behind the serial line is not known here.
"""
