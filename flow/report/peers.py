# SPDX-License-Identifier: Apache-2.0
"""Designs of others beside those of an exploration, with where their figures come from."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.exploration_result import ExploredPeer

PEERS = Path(__file__).with_name("peers.toml")


class _Peer(ExploredPeer):
    """target: of explorations that it is drawn in."""

    target: str


class _PeerFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    peer: list[_Peer]


def known_peers(target: str, networks: Sequence[tuple[int, ...]]) -> list[ExploredPeer]:
    """Those on a target, of networks of these sizes. target: as folders are named, "ecp5_85k"."""
    document = tomllib.loads(PEERS.read_text(encoding="utf-8"))
    family = target.partition("_")[0]
    return [
        ExploredPeer(**one.model_dump(exclude={"target"}))
        for one in _PeerFile.model_validate(document).peer
        if one.target == family and one.sizes in networks
    ]


def peer_table(peers: Sequence[ExploredPeer]) -> ResultTable | None:
    """Their figures and where these come from; None without any."""
    if not peers:
        return None
    return ResultTable(
        "peers",
        "Designs of others for the same sizes",
        (
            words("peer", "design"),
            words("kind", "figures"),
            Column("ii", "II"),
            Column("latency", "latency"),
            Column("luts_with_carries", "LUT in all"),
            Column("dsps", "DSP"),
            Column("block_rams", "BRAM"),
            Column("kilo_gate_equivalents", "kGE", decimals(2)),
            Column("megahertz", "MHz", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
            words("source", "where from"),
        ),
        [
            (
                one.name,
                one.kind,
                one.initiation_interval,
                one.latency,
                one.luts_with_carries,
                one.dsps,
                one.block_rams,
                one.kilo_gate_equivalents,
                one.megahertz,
                one.picojoule,
                one.source,
            )
            for one in peers
        ],
        "Other weights, trained or drawn, than those that were explored.",
    )
