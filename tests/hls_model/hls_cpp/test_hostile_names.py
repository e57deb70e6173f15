# SPDX-License-Identifier: Apache-2.0

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.kernel_files import KERNEL_HEADERS, kernel_files
from tests.hostile_texts import BREAKS_OUT
from tests.models import fold_model, random_codes, random_model

OWN_HEADERS = tuple(header.removesuffix(".h") for header in KERNEL_HEADERS)


@pytest.mark.parametrize("name", [*BREAKS_OUT, *OWN_HEADERS, "while", "namespace", "string"])
def test_a_kernel_bears_no_name_of_others(name: str) -> None:
    model = random_model((2, 2, 1))
    engine = fold_model(model, [(1, 1), (1, 1)])
    with pytest.raises(PulsewrightError):
        kernel_files(name, model, engine, random_codes(model, 2))
