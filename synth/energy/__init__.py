# SPDX-License-Identifier: Apache-2.0
"""Energy of a mapped netlist: it runs in simulation, and what toggles is looked up in the library.

Results are compared with the reference before any energy is told. No layout is made or read here.
"""
