# SPDX-License-Identifier: Apache-2.0
"""The network in floating point: its layers, training, growth and pruning.

No quantiser is known here.
"""
