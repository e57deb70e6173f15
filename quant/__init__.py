# SPDX-License-Identifier: Apache-2.0
"""Floor 2: pulse curves, training, quantisation-aware training, and the export to integers.

Torch and Brevitas are imported in the modules that train; `settings`, `splits`, `curve_sources`
and `datasets` do without, so that a recipe can be read where no Torch is installed.
"""

import warnings

# Brevitas announces at import that an optional CUDA kernel is missing, which no network here uses.
warnings.filterwarnings("ignore", message="fast_hadamard_transform package not found")
