# SPDX-License-Identifier: Apache-2.0
"""One module for each way to attach the register bus to a system.

No register is known here; a port is translated, and that is all.
"""
