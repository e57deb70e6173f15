# SPDX-License-Identifier: Apache-2.0
"""Benches that look for planted faults, one after the other, in one build of the design.

Which faults there are is not known here: a number switches each on.
"""
