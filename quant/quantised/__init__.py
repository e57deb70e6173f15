# SPDX-License-Identifier: Apache-2.0
"""Quantisation-aware training, and the way from Brevitas to integers.

Float training lives in `float_network`; the integers' law in `hls_model/reference`.
"""
