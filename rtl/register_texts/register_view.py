# SPDX-License-Identifier: Apache-2.0
"""The compiled register map as plain data, which the templates of header, page and IP-XACT show."""

from dataclasses import dataclass

from systemrdl.node import AddressableNode, AddrmapNode, FieldNode, MemNode, RegfileNode, RegNode
from systemrdl.rdltypes.builtin_enums import AccessType, OnWriteType

ACCESS = {
    AccessType.r: "read-only",
    AccessType.w: "write-only",
    AccessType.rw: "read-write",
}


@dataclass(frozen=True)
class FieldView:
    """Bits `low` to `low + width - 1`.

    reset: None if hardware alone decides the value. cleared_by_one: a write clears the bits in
    which it has a 1, and leaves the others.
    """

    name: str
    low: int
    width: int
    reset: int | None
    access: str
    volatile: bool
    text: str
    cleared_by_one: bool = False

    @property
    def high(self) -> int:
        """The highest bit."""
        return self.low + self.width - 1

    @property
    def mask(self) -> int:
        """The field's bits in its word."""
        return ((1 << self.width) - 1) << self.low


@dataclass(frozen=True)
class WordView:
    """A 32-bit register, or `count` of them in a row (None: it is no array).

    offset: in bytes, from the start of the map or of the group. bytes: of all of them.
    """

    name: str
    title: str
    text: str
    offset: int
    count: int | None
    fields: tuple[FieldView, ...]

    @property
    def bytes(self) -> int:
        """How many bytes it takes."""
        return 4 * (self.count or 1)


@dataclass(frozen=True)
class GroupView:
    """`count` groups of the same registers, one every `stride` bytes."""

    name: str
    title: str
    text: str
    offset: int
    count: int
    stride: int
    words: tuple[WordView, ...]

    @property
    def bytes(self) -> int:
        """How many bytes all of them take."""
        return self.count * self.stride


@dataclass(frozen=True)
class MemoryView:
    """A memory of 32-bit words."""

    name: str
    title: str
    text: str
    offset: int
    words: int
    access: str

    @property
    def bytes(self) -> int:
        """How many bytes it takes."""
        return 4 * self.words


@dataclass(frozen=True)
class MapView:
    """Everything in a register map, in the order of addresses."""

    name: str
    title: str
    text: str
    words: tuple[WordView, ...]
    groups: tuple[GroupView, ...]
    memories: tuple[MemoryView, ...]

    @property
    def registers_bytes(self) -> int:
        """From offset 0 to the end of the last register."""
        return max(one.offset + one.bytes for one in self.members if one not in self.memories)

    @property
    def members(self) -> list[WordView | GroupView | MemoryView]:
        """All that has an address, by address."""
        found: list[WordView | GroupView | MemoryView]
        found = [*self.words, *self.groups, *self.memories]
        return sorted(found, key=lambda one: one.offset)


def map_view(node: AddrmapNode) -> MapView:
    """What is in a map of 32-bit words, groups of words, and memories of words.

    Raises:
        NotImplementedError: the map has something that none of the templates shows.
    """
    return MapView(
        *_texts(node),
        words=tuple(_word(one) for one in node.registers()),
        groups=tuple(_group(one) for one in node.children() if isinstance(one, RegfileNode)),
        memories=tuple(_memory(one) for one in node.children() if isinstance(one, MemNode)),
    )


def _texts(node: AddressableNode) -> tuple[str, str, str]:
    title = node.get_property("name", default=None) or ""
    return node.inst_name, title, node.get_property("desc") or ""


def _count(node: AddressableNode) -> int | None:
    if node.array_dimensions is None:
        return None
    (count,) = node.array_dimensions
    return int(count)


def _word(node: RegNode) -> WordView:
    if node.get_property("regwidth") != 32 or (node.is_array and node.array_stride != 4):
        raise NotImplementedError(f"{node.get_path()} is no row of 32-bit words")
    fields = sorted((_field(one) for one in node.fields()), key=lambda one: one.low)
    return WordView(
        *_texts(node), offset=node.raw_address_offset, count=_count(node), fields=tuple(fields)
    )


def _field(node: FieldNode) -> FieldView:
    on_write = node.get_property("onwrite")
    for name, value in (
        ("onwrite", None if on_write is OnWriteType.woclr else on_write),
        ("onread", node.get_property("onread")),
        ("encode", node.get_property("encode", default=None)),
    ):
        if value is not None:
            raise NotImplementedError(f"{node.get_path()} has {name}, which no template shows")
    reset = node.get_property("reset", default=None)
    return FieldView(
        name=node.inst_name,
        low=node.low,
        width=node.width,
        reset=reset if isinstance(reset, int) else None,
        access=ACCESS[node.get_property("sw")],
        volatile=node.is_volatile,
        text=node.get_property("desc") or "",
        cleared_by_one=on_write is OnWriteType.woclr,
    )


def _group(node: RegfileNode) -> GroupView:
    count = _count(node)
    words = tuple(_word(one) for one in node.registers())
    if count is None or node.array_stride != sum(word.bytes for word in words):
        raise NotImplementedError(f"{node.get_path()} is no array of groups without gaps")
    return GroupView(
        *_texts(node),
        offset=node.raw_address_offset,
        count=count,
        stride=node.array_stride,
        words=words,
    )


def _memory(node: MemNode) -> MemoryView:
    if node.get_property("memwidth") != 32:
        raise NotImplementedError(f"{node.get_path()} is no memory of 32-bit words")
    return MemoryView(
        *_texts(node),
        offset=node.raw_address_offset,
        words=node.get_property("mementries"),
        access=ACCESS[node.get_property("sw")],
    )
