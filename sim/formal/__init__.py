# SPDX-License-Identifier: Apache-2.0
"""Proofs of the bus protocols by SymbiYosys: properties of each port, and how they are run.

The attachment is the real one; the registers behind it are cut out and may do what they like.
"""
