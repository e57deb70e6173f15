# SPDX-License-Identifier: Apache-2.0
"""QONNX both ways: integer models as ONNX graphs with Quant nodes; needs the extra `qonnx`.

Nothing is rounded on import: what is no integer network is refused.
"""
