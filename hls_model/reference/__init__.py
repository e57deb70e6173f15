# SPDX-License-Identifier: Apache-2.0
"""The law of the arithmetic: fixed point, dense layers, the integer MLP, input maps.

Everything else is compared with it, so it never depends on an implementation.
"""
