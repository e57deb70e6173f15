# SPDX-License-Identifier: Apache-2.0
"""Networks in exact rational arithmetic, and the integers that compute the same.

No file format is known here, and nothing is rounded but by the quantisers of the network.
"""
