# SPDX-License-Identifier: Apache-2.0
"""What the folded hardware executes: operations, weight reads, register writes of a workload.

Joules live in `energy`, cycles in `schedule`.
"""
