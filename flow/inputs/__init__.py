# SPDX-License-Identifier: Apache-2.0
"""What a user gives: TOML files, curves, models, energy tables; refused in one sentence.

Nothing is written here, and nothing is computed from what was read.
"""
