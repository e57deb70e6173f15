# SPDX-License-Identifier: Apache-2.0
"""What a host has to know of a coprocessor on a board: addresses, constants, the first writes."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.registers.register_map import RegisterMap

CONSTANTS = ("IDENTITY", "VERSION", "MODEL_DIGEST")
CLEAR_ALL = 0


def host_image(register_map: RegisterMap, model: IntegerMlp) -> dict[str, object]:
    """What `firmware/host/pulsewright_board.py` reads of an image, without its line.

    constants: address and word of what tells that the board holds this model. start: addresses and
    words to be written before the first row, weights that are to be loaded among them.
    """
    weights = register_map.window.image(model) if register_map.window else []
    return {
        "constants": {
            name: (register_map[name].address, register_map[name].reset) for name in CONSTANTS
        },
        "start": [
            (register_map["SOFT_CLEAR"].address, CLEAR_ALL),
            *weights,
            (register_map["AUTOTRIGGER"].address, 1),
        ],
        "inputs": model.sizes[0],
        "code_range": (model.input_format.minimum, model.input_format.maximum),
        "input_lane_bits": register_map.input_lane_bits,
        "input_addresses": register_map.input_addresses,
        "result_addresses": register_map.result_addresses,
    }
