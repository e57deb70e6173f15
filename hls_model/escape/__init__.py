# SPDX-License-Identifier: Apache-2.0
"""Text of others, made harmless for the place where it is shown: one function a place.

What a library does is left to it: JSON and YAML strings to json, HTML and SVG to the exporters,
TOML to tomli_w, shell words to shlex. No template and no file format lives here.
"""
