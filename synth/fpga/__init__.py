# SPDX-License-Identifier: Apache-2.0
"""FPGAs: what a design takes of a family's cells, and how fast it is when placed and routed.

No bitstream is made here.
"""
