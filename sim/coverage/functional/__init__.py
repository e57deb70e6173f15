# SPDX-License-Identifier: Apache-2.0
"""Functional coverage: what a verification plan wants driven, counted while the benches drive.

What is right is not decided here; scoreboards and rules do that.
"""
