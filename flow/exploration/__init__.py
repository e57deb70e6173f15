# SPDX-License-Identifier: Apache-2.0
"""Many variants of one coprocessor, trained, synthesised, and compared.

What a variant takes is measured by the steps of synthesis; nothing is estimated here.
"""
