# SPDX-License-Identifier: Apache-2.0
"""C that ships with the coprocessor or runs on simulated systems, and a program of hosts.

Headers that depend on the network are not here; they are generated.
"""
