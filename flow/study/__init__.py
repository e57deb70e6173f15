# SPDX-License-Identifier: Apache-2.0
"""Studies: accuracy against bit widths, energy and area over many configurations."""
