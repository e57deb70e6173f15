# SPDX-License-Identifier: Apache-2.0
"""Designs of others, made ready for the tools that measure ours.

What the tools make of them is not known here.
"""
