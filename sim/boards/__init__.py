# SPDX-License-Identifier: Apache-2.0
"""Boards in simulation: their serial line as a host's program sees it, and what may go wrong on it.

What the bytes mean is not known here.
"""
