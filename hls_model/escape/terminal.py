# SPDX-License-Identifier: Apache-2.0
"""Text for a terminal, or for one line of anything: what error sentences are made with, too."""

from pulsewright.hls_model.visible import visible

__all__ = ["visible"]
