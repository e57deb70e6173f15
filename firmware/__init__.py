# SPDX-License-Identifier: Apache-2.0
"""C that ships with the coprocessor: the driver."""
