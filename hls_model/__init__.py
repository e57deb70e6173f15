# SPDX-License-Identifier: Apache-2.0
"""Floor 1: the arithmetic, the integer reference, folding, energy.

Nothing of ours is imported here, and no hardware or training is known.
"""
