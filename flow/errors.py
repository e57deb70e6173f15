# SPDX-License-Identifier: Apache-2.0
"""Errors that are the product's own, not the user's."""

from hls_model.errors import PulsewrightError


class VerificationError(PulsewrightError):
    """The hardware does not do what the reference says; the command ends with exit code 1."""
