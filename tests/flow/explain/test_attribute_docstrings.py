# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import BaseModel, ConfigDict

from pulsewright.flow.explain.attribute_docstrings import attribute_docstrings
from pulsewright.flow.recipe_sections import AttachmentSection, EngineSection


class Plain(BaseModel):
    """About the class."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: int
    """Of the first.

    With a second paragraph.
    """
    second: int = 2
    third: int = 3
    """Of the third."""

    def method(self) -> str:
        """Of the method."""
        return "x"


def test_texts_are_those_that_pydantic_reads() -> None:
    read = {name: field.description for name, field in Plain.model_fields.items()}
    if read["first"] is None:
        pytest.skip("this Python hands pydantic no source")
    assert attribute_docstrings(Plain) == {
        name: text for name, text in read.items() if text is not None
    }
    assert set(attribute_docstrings(Plain)) == {"first", "third"}


def test_a_derived_class_has_the_texts_of_its_base() -> None:
    texts = attribute_docstrings(AttachmentSection)
    assert {"bus", "id_bits", "stream"} <= set(texts)
    assert set(attribute_docstrings(EngineSection)) == set(EngineSection.model_fields)
