# SPDX-License-Identifier: Apache-2.0
"""Layouts: what place-and-route tools are given of a design, and what they found.

No cell is drawn here, and no process design kit is shipped.
"""
