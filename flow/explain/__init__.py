# SPDX-License-Identifier: Apache-2.0
"""What recipe and study keys, registers and fields of report.json mean, for a command and for docs.

Nothing is described here that has its description elsewhere: models, SystemRDL, the report.
"""
