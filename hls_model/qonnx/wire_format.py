# SPDX-License-Identifier: Apache-2.0
"""Counts the fields of a protobuf message without making it: two bytes become two hundred."""

from typing import Any

VARINT, FIXED_64, LENGTH, FIXED_32 = 0, 1, 2, 5


def has_more_fields(data: bytes, descriptor: Any, most: int) -> bool:
    """True if `data`, a message of `descriptor`, and all messages in it have over `most` fields.

    Raises:
        ValueError: it is cut short, or no protobuf message.
    """
    count = 0
    messages: list[tuple[int, int, Any]] = [(0, len(data), descriptor)]
    while messages:
        place, end, kind = messages.pop()
        while place < end:
            count += 1
            if count > most:
                return True
            tag, place = _varint(data, place, end)
            wire_type = tag & 7
            if wire_type == VARINT:
                _, place = _varint(data, place, end)
            elif wire_type in (FIXED_64, FIXED_32):
                place += 8 if wire_type == FIXED_64 else 4
            elif wire_type == LENGTH:
                size, place = _varint(data, place, end)
                field = kind.fields_by_number.get(tag >> 3)
                if field is not None and field.message_type is not None:
                    messages.append((place, min(place + size, end), field.message_type))
                place += size
            else:
                raise ValueError(f"wire type {wire_type}")
            if place > end:
                raise ValueError("a field is cut short")
    return False


def _varint(data: bytes, place: int, end: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place after it."""
    value = shift = 0
    while place < end and shift < 70:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError("a number is cut short")
