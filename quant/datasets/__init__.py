# SPDX-License-Identifier: Apache-2.0
"""Pulse curves: measured, synthetic, or a user's own table.

How rows are split and scaled for a network is decided above, not here.
"""
