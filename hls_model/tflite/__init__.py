# SPDX-License-Identifier: Apache-2.0
"""TFLite files of int8 dense layers, read through the `tflite` package, as exact chains.

No other file format is known here.
"""
