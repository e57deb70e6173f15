# SPDX-License-Identifier: Apache-2.0
"""Sweeps over many trainings: on all cores, or on a cluster, and never the same work twice.

Files, plots and tables of a study live in `flow/study`.
"""
