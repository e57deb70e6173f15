# SPDX-License-Identifier: Apache-2.0
"""Pulse curves: measured, synthetic, or a user's own table."""
