# SPDX-License-Identifier: Apache-2.0
"""Networks whose output is piecewise linear in the pulse number: their switches and curves.

Nothing of clock cycles or hardware is known here: those are in `schedule`.
"""
