# SPDX-License-Identifier: Apache-2.0
"""`report.json`, and the tables and pictures that people look at.

No artefact but the report is made here; figures come from the steps and the floors below.
"""
