# SPDX-License-Identifier: Apache-2.0
"""The network as synthesizable C++ for HLS tools, which is a fast emulator on the host as well."""
