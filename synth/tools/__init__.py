# SPDX-License-Identifier: Apache-2.0
"""The tools that are run: where they are, which version, and what they say when they fail.

What is asked of them, and what their answers mean, is not known here.
"""
