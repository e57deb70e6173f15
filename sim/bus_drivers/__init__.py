# SPDX-License-Identifier: Apache-2.0
"""Drivers of the memory-mapped attachments, one module each, all with one interface."""
