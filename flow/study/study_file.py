# SPDX-License-Identifier: Apache-2.0
"""The TOML file of a study."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pulsewright.flow.inputs.shipped_recipes import EXAMPLES
from pulsewright.flow.inputs.toml_file import load_toml_source
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
    """Which curves, and the shares of test and validation."""

    source: CurveSource = CurveSource.SYNTHETIC
    """Curves of our compact model, the published measurements, or a CSV table of your own."""
    path: Annotated[PlainPath | None, Field(examples=["curves.csv"])] = None
    """Folder of the measured files, or the CSV table, relative to the study's folder."""
    test_fraction: Annotated[float, Field(gt=0, lt=1)] = DEFAULTS.test_fraction
    """Share of the test, of rows, curves, parameter sets or sessions."""
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = DEFAULTS.validation_fraction
    """Share of the validation, by which the best state of a training is chosen."""


class StudyTraining(_Section):
    """Float training by rows, and by curves and parameter sets; A1 as published."""

    float_training: Annotated[FloatTraining, Field(alias="float")] = DEFAULTS.float_training
    """For the rows split."""
    float_unseen: FloatTraining = DEFAULTS.float_unseen
    """For the splits by curve, parameter set and session."""
    published: PublishedTraining = DEFAULTS.published_training
    """Of A1 as published, where `published_a1` asks for it."""


class StudyFile(_Section):
    """Everything that a study depends on."""

    name: Annotated[ShortName, Field(examples=["mine"])]
    """Of the study and of its folder in the build folder."""
    seeds: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=2**31)], ...],
        Field(min_length=1, examples=[[0, 1, 2]]),
    ]
    """Of the splits and trainings; each configuration is trained once for each."""
    initiation_interval: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULTS.initiation_interval
    """Clock cycles a vector; costs are those of the cheapest folding that reaches it."""
    published_a1: bool = False
    """Train A1 as published, too, and compare with it."""
    data: StudyData = StudyData()
    training: StudyTraining = StudyTraining()
    grid: Annotated[tuple[Grid, ...], Field(min_length=1)]
    """Written once a grid; a study trains all of them."""

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
    study, source = load_toml_source(path, StudyFile, "study", EXAMPLES)
    try:
        study.study().check()
    except ValidationError as error:
        raise source.refused(validation_sentence(error, StudyFile)) from error
    except PulsewrightError as error:
        raise source.refused(str(error)) from error
    return study
