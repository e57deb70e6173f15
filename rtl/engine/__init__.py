# SPDX-License-Identifier: Apache-2.0
"""The folded streaming engine: operand feeds, dense units, and the chain of them.

Jobs, registers and buses live outside; the engine knows streams alone.
"""
