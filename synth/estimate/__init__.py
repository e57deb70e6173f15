# SPDX-License-Identifier: Apache-2.0
"""Cells of engines that nobody mapped, from those of a few that were.

No tool is run here, and no figure is made without samples.
"""
