# SPDX-License-Identifier: Apache-2.0
"""The rules of each bus protocol, checked cycle by cycle on what a simulation shows."""
