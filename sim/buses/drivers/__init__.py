# SPDX-License-Identifier: Apache-2.0
"""One bus manager each, all with the same reads and writes.

What is legal on a bus is checked in `rules`.
"""
