# SPDX-License-Identifier: Apache-2.0
"""QONNX both ways: integer models as ONNX graphs with Quant nodes. Needs the extra `qonnx`."""
