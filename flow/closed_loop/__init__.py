# SPDX-License-Identifier: Apache-2.0
"""The command `closed-loop`: networks held out by session, tables, plots and the report.

No controller and no trial is computed here; see `quant/closed_loop`.
"""
