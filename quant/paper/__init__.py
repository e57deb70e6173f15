# SPDX-License-Identifier: Apache-2.0
"""What Spetzler et al., APL Mach. Learn. 3, 026103 (2025) report, measured again.

`published` and `protocol` do without Torch; the stacked networks and the studies need it.
"""
