# SPDX-License-Identifier: Apache-2.0
"""One module a step of a build: what it is made from, and the artefacts that it leaves.

How things are computed lives on the floors below, how they are shown in `flow/report`.
"""
