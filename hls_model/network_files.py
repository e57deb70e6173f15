# SPDX-License-Identifier: Apache-2.0
"""The kinds of file that networks of other tools come in."""

# By their endings, the packages that read them.
PACKAGES = {".onnx": "onnx", ".tflite": "tflite"}
