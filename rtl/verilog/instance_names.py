# SPDX-License-Identifier: Apache-2.0
"""Names for what Amaranth only numbered between modules."""

import re
from collections.abc import Iterable, Iterator

from pulsewright.rtl.verilog.names import is_unnamed

_MODULE = re.compile(r"^module (\w+)\(.*?^endmodule\n", re.M | re.S)
_INSTANCE = re.compile(r"^  (\w+) (\w+) \(\n((?:    \..*\n)+)  \);\n", re.M)
_CONNECTION = re.compile(r"\.(\w+)\((\w+)\)")
_NUMBERED = re.compile(r"\w+?_\d+")
_OUTPUT = re.compile(r"^  output (?:\[\d+:0\] )?(\w+);$", re.M)
_PORT = re.compile(r"^  (?:input|output) (?:\[\d+:0\] )?(\w+);$", re.M)
_WORD = re.compile(r"(?<![\w$'])[A-Za-z_]\w*")


def with_instance_names(text: str) -> str:
    """`text` with names for numbered ports and for numbered outputs of instances.

    A port that is a part of a signal has no name inside its module: it gets that of the net that
    it is connected to. Of signals with one name all but the first have a number behind it: those
    that an instance drives get the instance's name in front instead.
    """
    texts = {match[1]: match[0] for match in _MODULE.finditer(text)}
    # Every module stands in front of its submodules, so a net has its last name when it is met.
    for name in texts:
        texts[name] = _with_names_of_outputs(texts[name], texts)
        for instance in list(_INSTANCE.finditer(texts[name])):
            module = instance[1]
            if module in texts:
                renamed = _port_names(_CONNECTION.findall(instance[3]), texts[module])
                texts[module] = _renamed(texts[module], renamed)
                block = _renamed(instance[0], renamed, before=r"\.")
                texts[name] = texts[name].replace(instance[0], block)
    return "\n".join(texts.values())


def _with_names_of_outputs(text: str, texts: dict[str, str]) -> str:
    ports = set(_PORT.findall(text))
    wanted = {}
    for module, instance, connections in _INSTANCE.findall(text):
        outputs = set(_OUTPUT.findall(texts.get(module, "")))
        for port, net in _CONNECTION.findall(connections):
            if net in ports or net in wanted or net == port:
                continue
            numbered = is_unnamed(net) or _NUMBERED.fullmatch(net)
            if numbered and (port in outputs or net.startswith(f"{port}_")):
                wanted[net] = f"{instance}_{port}"
    return _renamed(text, dict(_free(wanted.items(), text)))


def _port_names(connections: list[tuple[str, str]], text: str) -> dict[str, str]:
    wanted = ((port, net) for port, net in connections if is_unnamed(port) and not is_unnamed(net))
    return dict(_free(wanted, text))


def _free(wanted: Iterable[tuple[str, str]], text: str) -> Iterator[tuple[str, str]]:
    """Pairs of old and new name, the new ones changed where `text` has them already."""
    taken: set[str] | None = None
    for old, new in wanted:
        taken = set(_WORD.findall(text)) if taken is None else taken
        while new in taken:
            new += "_"
        taken.add(new)
        yield old, new


def _renamed(text: str, renamed: dict[str, str], before: str = "") -> str:
    if not renamed:
        return text
    names = "|".join(renamed)
    # The ports of an instance are names of its module.
    word = re.compile(rf"(?<={before})({names})\b" if before else rf"(?<![.\w$'])({names})\b")
    return word.sub(lambda match: renamed[match[1]], text)
