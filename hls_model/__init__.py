# SPDX-License-Identifier: Apache-2.0
"""Floor 1: the arithmetic, the integer reference, folding, energy. Imports nothing of ours."""
