# SPDX-License-Identifier: Apache-2.0
"""The TOML file of a study."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pulsewright.flow.inputs.shipped_recipes import EXAMPLES
from pulsewright.flow.inputs.toml_file import load_toml
from pulsewright.flow.recipe_sections import PlainPath, ShortName
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.validation_sentence import validation_sentence
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.studies.grid import Grid
from pulsewright.quant.studies.settings import StudySettings
from pulsewright.quant.studies.study import Study

DEFAULTS = StudySettings()


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StudyData(_Section):
    """Which curves. path: folder or CSV table, relative to the study file's folder."""

    source: CurveSource = CurveSource.SYNTHETIC
    path: PlainPath | None = None
    test_fraction: Annotated[float, Field(gt=0, lt=1)] = DEFAULTS.test_fraction
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = DEFAULTS.validation_fraction


class StudyTraining(_Section):
    """Float training by rows, and by curves and parameter sets; A1 as published."""

    float_training: Annotated[FloatTraining, Field(alias="float")] = DEFAULTS.float_training
    float_unseen: FloatTraining = DEFAULTS.float_unseen
    published: PublishedTraining = DEFAULTS.published_training


class StudyFile(_Section):
    """Everything that a study depends on.

    seeds: of the splits and trainings; each configuration is trained once for each.
    initiation_interval: cycles; costs are those of the cheapest folding that reaches it.
    published_a1: train A1 as published, too, and compare with it.
    """

    name: ShortName
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**31)], ...], Field(min_length=1)]
    initiation_interval: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULTS.initiation_interval
    published_a1: bool = False
    data: StudyData = StudyData()
    training: StudyTraining = StudyTraining()
    grid: Annotated[tuple[Grid, ...], Field(min_length=1)]

    def study(self) -> Study:
        """The study as `pulsewright.quant.studies` runs it."""
        settings = StudySettings(
            test_fraction=self.data.test_fraction,
            validation_fraction=self.data.validation_fraction,
            initiation_interval=self.initiation_interval,
            float_training=self.training.float_training,
            float_unseen=self.training.float_unseen,
            published_a1=self.published_a1,
            published_training=self.training.published,
        )
        return Study(settings=settings, seeds=self.seeds, grids=self.grid)


def load_study(path: Path) -> StudyFile:
    """Read and check a study.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key or an axis is unknown, a value is
            out of range, a grid is empty or contradicts itself.
    """
    study = load_toml(path, StudyFile, "study", EXAMPLES)
    try:
        study.study().check()
    except ValidationError as error:
        raise PulsewrightError(f"study {path}: {validation_sentence(error, StudyFile)}") from error
    except PulsewrightError as error:
        raise PulsewrightError(f"study {path}: {error}") from error
    return study
