# SPDX-License-Identifier: Apache-2.0
"""Errors that are the product's own, not the user's."""

from pulsewright.hls_model.errors import PulsewrightError


class VerificationError(PulsewrightError):
    """Two implementations differ that must not; the command ends with exit code 1."""


class IncompleteInstallationError(PulsewrightError):
    """What was asked for is told, and something is missing; the command ends with exit code 1."""
