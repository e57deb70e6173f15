# SPDX-License-Identifier: Apache-2.0
"""Studies on the command line: the file, its table, plots and winning recipes.

What a worker trains lives in `quant/studies`.
"""
