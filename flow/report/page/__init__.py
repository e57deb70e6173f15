# SPDX-License-Identifier: Apache-2.0
"""`report.html`: one page with its data, its plots and the integer network, which fetches nothing.

What stands in it is made by the modules beside it from finished results; nothing is computed here
that the results do not say.
"""
