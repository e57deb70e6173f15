# SPDX-License-Identifier: Apache-2.0
"""One protocol checker each, bound to the ports of a bus.

They watch, and never drive.
"""
