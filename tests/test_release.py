# SPDX-License-Identifier: Apache-2.0
"""What others read of a release says the same as the project itself."""

import os
import re
import tomllib
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[1]


def text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_the_version_is_one() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    cited = yaml.safe_load(text("CITATION.cff"))
    assert cited["version"] == project["version"]
    assert cited["license"] == project["license"]
    version, date = re.findall(r"^## (\S+) \((.*)\)$", text("CHANGELOG.md"), re.MULTILINE)[0]
    assert (version, date) == (project["version"], cited["date-released"])


def test_the_workflow_calls_what_a_change_must_pass() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == [".ci/run"]
    assert os.access(REPOSITORY / commands[0], os.X_OK)
