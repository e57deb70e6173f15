# SPDX-License-Identifier: Apache-2.0
"""Python that runs on the computer that a board is connected to, delivered with its image.

It needs nothing of Pulsewright, so that the folder of an image is all that a board's owner needs.
"""
