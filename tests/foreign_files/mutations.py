# SPDX-License-Identifier: Apache-2.0
"""Faulty files from good ones: the same seed gives the same file."""

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

import onnx

INTERESTING_TEXT = [
    *("-1", "0", "1", "2", "17", "255", "4097", "65536", "1e999", "-1e999", "nan", "inf", "NaN"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 5000),
    *("1e-320", "0.1", "2.5", "true", "false", "null", '""', "''", "[]", "{}", "[[]]", "[{}]"),
    *(
        '"\\u0000"',
        '"\\u001b[2J"',
        '"\x1b]0;t\x07"',
        '"' + "a" * 3000 + '"',
        '"\\ud800"',
        '"[red]"',
    ),
    *("[" * 50 + "1" + "]" * 50, "[" * 3000, "{" * 3000, '{"a":' * 200 + "1" + "}" * 200),
    *("a.b", "[1, 2, 3]", "[1, [2]]", '["A1", [4]]', '{"a": 1}', "1979-05-27", "", " ", ",", "\n"),
    *("a" + ".a" * 1000, "\N{RIGHT-TO-LEFT OVERRIDE}", "é", "/dev/zero", '"/dev/zero"'),
]
TOKEN = re.compile(rb'"[^"\n]*"|[-+]?[0-9][0-9.e+-]*|[A-Za-z_]+|[\[\]{}=,:]')


def mutated(good: bytes, suffix: str, random: Random) -> bytes:
    """One to four faults in `good`, in the way that suits its format, or in any bytes."""
    if random.random() < 0.25:
        return _bytes(good, random)
    if suffix in (".npz", ".pt"):
        return _archive(good, random)
    if suffix == ".onnx":
        return _graph(good, random)
    if suffix == ".pck":
        return _bytes(good, random, head=200)
    for _ in range(random.randint(1, 4)):
        good = random.choice(_TEXT_FAULTS)(good, random)
    return good


def _token(good: bytes, random: Random) -> bytes:
    places = list(TOKEN.finditer(good))
    if not places:
        return good
    place = random.choice(places)
    new = random.choice(INTERESTING_TEXT).encode("utf-8", "surrogatepass")
    return good[: place.start()] + new + good[place.end() :]


def _swapped_tokens(good: bytes, random: Random) -> bytes:
    places = list(TOKEN.finditer(good))
    if len(places) < 2:
        return good
    first, second = sorted(random.sample(places, 2), key=lambda place: place.start())
    return b"".join(
        (
            good[: first.start()],
            second.group(),
            good[first.end() : second.start()],
            first.group(),
            good[second.end() :],
        )
    )


def _line(good: bytes, random: Random) -> bytes:
    lines = good.split(b"\n")
    index = random.randrange(len(lines))
    kind = random.randrange(3)
    if kind == 0:
        del lines[index]
    elif kind == 1:
        lines.insert(random.randrange(len(lines) + 1), lines[index])
    else:
        lines[index] = lines[index][: random.randint(0, len(lines[index]))]
    return b"\n".join(lines)


def _bytes(good: bytes, random: Random, head: int | None = None) -> bytes:
    """head: faults are in the first bytes, where the structure is."""
    data = bytearray(good)
    for _ in range(random.randint(1, 4)):
        place = random.randint(0, min(len(data), head or len(data)))
        kind = random.randrange(5)
        if kind == 0:
            data[place : place + 1] = bytes([random.randrange(256)])
        elif kind == 1:
            data[place:place] = random.randbytes(random.randint(1, 8))
        elif kind == 2:
            del data[place : place + random.randint(1, 16)]
        elif kind == 3:
            size = random.randint(1, 64)
            data[place:place] = data[place : place + size] * random.randint(1, 20)
        else:
            data[place : place + 4] = random.choice((b"\xff" * 4, b"\x00" * 4, b"\x00\x00\x00\x40"))
    if random.random() < 0.1:
        del data[random.randint(0, len(data)) :]
    return bytes(data)


_TEXT_FAULTS: list[Callable[[bytes, Random], bytes]] = [_token, _token, _swapped_tokens, _line]


def _archive(good: bytes, random: Random) -> bytes:
    """Faults in a member, under a right checksum; a missing, doubled or compressed one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(buffer, "w") as new:
        members = old.infolist()
        # What describes the arrays, mostly, and not the arrays.
        chosen = members[0] if random.random() < 0.5 else random.choice(members)
        kind = random.randrange(8)
        for member in members:
            data = old.read(member)
            if member is chosen and kind == 0:
                continue
            if member is chosen and kind == 1:
                data = bytes(len(data) * random.randint(0, 50))
            elif member is chosen:
                data = _bytes(data, random, head=2000)
            new.writestr(member.filename, data, zipfile.ZIP_DEFLATED if kind == 2 else None)
    return buffer.getvalue()


def _graph(good: bytes, random: Random) -> bytes:
    """Faults in fields of a model that protobuf still reads."""
    model = onnx.ModelProto.FromString(good)
    for _ in range(random.randint(1, 3)):
        _fault(_any_message(model, random), random)
    return model.SerializeToString()


def _any_message(message, random: Random):
    while True:
        inner = [
            one
            for field, value in message.ListFields()
            if field.message_type
            for one in (value if field.is_repeated else [value])
        ]
        if not inner or random.random() < 0.15:
            return message
        message = random.choice(inner)


def _fault(message, random: Random) -> None:
    field = random.choice(list(message.DESCRIPTOR.fields))
    if field.message_type:
        if field.is_repeated and len(getattr(message, field.name)):
            values = getattr(message, field.name)
            if random.random() < 0.5:
                del values[random.randrange(len(values))]
            else:
                values.add().CopyFrom(random.choice(list(values)))
        return
    numbers = [0, 1, -1, 2, 3, 7, 70, 2**20 + 1, 2**31 - 1, -(2**31), 2**40]
    texts = ["", "in", "a", "Relu", "Quant", "Reshape", "MatMul", "\x1b[2J", "a" * 2000]
    choices = {
        field.CPPTYPE_STRING: texts if field.type == field.TYPE_STRING else [b"", b"\xff" * 9],
        field.CPPTYPE_FLOAT: [0.0, 1.0, -1.0, float("nan"), float("inf"), 1e-40, 0.3],
        field.CPPTYPE_DOUBLE: [0.0, float("nan"), 1e300],
        field.CPPTYPE_ENUM: [value.number for value in field.enum_type.values]
        if field.enum_type
        else [0],
    }
    value = random.choice(choices.get(field.cpp_type, numbers))
    try:
        if field.is_repeated:
            getattr(message, field.name).extend([value] * random.choice((1, 1, 2, 70)))
        else:
            setattr(message, field.name, value)
    except ValueError:
        # Out of the field's range.
        message.ClearField(field.name)
