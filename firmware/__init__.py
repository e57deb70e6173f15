# SPDX-License-Identifier: Apache-2.0
"""C that ships with the coprocessor, or runs on the simulated systems.

Headers that depend on the network are not here; they are generated.
"""
