# SPDX-License-Identifier: Apache-2.0
"""Energy from counted activity and cited tables, with every figure's node.

Nothing is counted here; `activity` does that.
"""
