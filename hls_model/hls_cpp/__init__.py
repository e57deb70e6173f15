# SPDX-License-Identifier: Apache-2.0
"""The network as synthesizable C++ for HLS tools, a fast emulator on the host as well.

It is compared with the reference, never read as one.
"""
