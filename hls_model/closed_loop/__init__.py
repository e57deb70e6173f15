# SPDX-License-Identifier: Apache-2.0
"""The programming controller in integers: features of the history, the rule, and blind rules.

Currents are of any one unit, since everything is a ratio of them. No device and no curve lives
here, and no floating point.
"""
