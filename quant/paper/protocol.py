# SPDX-License-Identifier: Apache-2.0
"""Training as the published code does it; free of Torch."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.quant.settings import BatchSize, Epochs, LearningRate


class PublishedTraining(BaseModel):
    """Adam with a constant learning rate and dropout; the final state is used.

    The defaults are those of `ML_test_normal.py` (github.com/fritscherm/apl-rram-nn-codes) and,
    where it says nothing, of Keras: epsilon, and the Glorot initialisation of the networks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: Epochs = 1000
    """Passes over the rows."""
    batch_size: BatchSize = 64
    """Rows a step."""
    learning_rate: LearningRate = 1e-4
    """Constant."""
    dropout: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.2
    """The chance that a hidden activation is dropped in a step, in steps of 2**-16."""
    epsilon: Annotated[float, Field(gt=0, le=1e-3)] = 1e-7
    """What Adam adds to the root of the second moment."""
