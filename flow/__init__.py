# SPDX-License-Identifier: Apache-2.0
"""Floor 4: recipes, the build folder, the command line, and reports.

Nothing is computed here that a floor below could compute.
"""
