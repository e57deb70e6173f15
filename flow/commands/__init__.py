# SPDX-License-Identifier: Apache-2.0
"""The commands of the command line: options, what a user reads, and exit codes.

Work is done in `flow/steps`; nothing is computed here.
"""
