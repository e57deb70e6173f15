# SPDX-License-Identifier: Apache-2.0
"""The paper's Table II, Fig. 4(b) and Fig. 5 measured again: `pulsewright reproduce`.

The paper's protocol and figures themselves live in `quant/paper`.
"""
