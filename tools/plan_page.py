# SPDX-License-Identifier: Apache-2.0
"""Writes docs/test-plan.md from tests/plan/plan.toml."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.plan.plan import plan_page, read_plan  # noqa: E402

if __name__ == "__main__":
    (REPOSITORY / "docs/test-plan.md").write_text(plan_page(read_plan()), encoding="utf-8")
