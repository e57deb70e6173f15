# SPDX-License-Identifier: Apache-2.0
"""The registers for people and C: SystemRDL of one coprocessor, C header, and page.

The map itself, from which all are made, lives in `rtl/registers`.
"""
