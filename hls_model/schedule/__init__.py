# SPDX-License-Identifier: Apache-2.0
"""Foldings, their cycles and latencies, workloads, and where weights lie.

No arithmetic of the network; that is `reference`.
"""
