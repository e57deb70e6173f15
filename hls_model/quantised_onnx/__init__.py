# SPDX-License-Identifier: Apache-2.0
"""ONNX files with QONNX nodes, QuantizeLinear pairs or quantised operators, as exact chains.

Files are opened and graphs are checked in `qonnx`, where powers of two have a reader of their own.
"""
