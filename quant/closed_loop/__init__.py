# SPDX-License-Identifier: Apache-2.0
"""The closed loop on curves in amperes: trials, training of history networks, comparison.

What a controller computes is in `hls_model/closed_loop`; nothing here reaches it but reads.
"""
