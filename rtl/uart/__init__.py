# SPDX-License-Identifier: Apache-2.0
"""A serial line to the register bus: receiver, transmitter, checked frames, and their bridge.

What the registers mean, and which board the line is on, is not known here.
"""
