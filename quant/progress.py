# SPDX-License-Identifier: Apache-2.0
"""What tells of long work in several steps."""

from collections.abc import Callable

StepProgress = Callable[[str, int, int], None]
"""Called with (step, done, total)."""
