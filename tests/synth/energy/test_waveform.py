# SPDX-License-Identifier: Apache-2.0
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.energy import waveform
from pulsewright.synth.energy.waveform import Changes, Waveform

DUMP = """$date today $end
$timescale 1ps $end
$scope module dut $end
$var wire 1 ! a $end
$var reg 1 " b $end
$var wire 1 ! a_too $end
$var wire 8 # bus [7:0] $end
$var wire 1 $ never $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
x!
0"
bx #
x$
$end
#5
0!
#10
1"
b1 #
1!
#12
1"
#20
0!
#30
1!
0"
"""


@pytest.fixture
def dump(tmp_path: Path) -> Waveform:
    path = tmp_path / "waves.vcd"
    path.write_text(DUMP)
    return Waveform(path)


def test_changes_are_those_of_the_window(dump: Waveform) -> None:
    changes = dump.bit("a").window(10, 30)
    assert (changes.before, changes.times.tolist()) == (False, [10, 20])
    assert changes.edges("rise").tolist() == [10]
    assert changes.edges("fall").tolist() == [20]
    # What is told again has not changed, and one signal may have two names.
    assert dump.bit("b").window(0, 31).times.tolist() == [10, 30]
    assert dump.bit("a_too").times.tolist() == dump.bit("a").times.tolist()
    later = dump.bit("a").window(15, 40)
    assert (later.before, later.edges("fall").tolist()) == (True, [20])


def test_values_are_those_before_what_changes_in_the_same_moment(dump: Waveform) -> None:
    moments = np.array([10, 11, 20, 21, 30])
    changes = dump.bit("a").window(6, 40)
    assert changes.just_before(moments).tolist() == [False, True, True, False, False]


@given(st.booleans(), st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 9))
def test_what_settles_is_the_value_at_the_end_of_each_interval(
    before: bool, values: list[bool], interval: int
) -> None:
    told = [before, *values]
    times = [time for time, value in enumerate(values) if value != told[time]]
    settled = Changes(before, np.array(times, dtype=np.int64)).settled(interval)
    ends = [*range(interval, len(values), interval), len(values)]
    at_ends = settled.just_before(np.array(ends))
    assert at_ends.tolist() == [values[end - 1] for end in ends]
    # Each moves once in an interval at most, when it moved last.
    intervals = (settled.times // interval).tolist()
    assert intervals == sorted(set(intervals))
    assert set(settled.times.tolist()) <= set(times)
    assert all(
        one == max(t for t in times if t // interval == one // interval) for one in settled.times
    )


def test_what_has_no_value_is_refused(dump: Waveform) -> None:
    with pytest.raises(PulsewrightError, match="no value at 4 ps"):
        dump.bit("a").window(4, 20)
    for name in ("never", "bus", "none"):
        with pytest.raises(PulsewrightError, match=f"no values of {name}"):
            dump.bit(name)


@given(st.booleans(), st.sets(st.integers(0, 50)), st.lists(st.integers(0, 50), max_size=20))
def test_values_and_edges_follow_from_the_changes(
    before: bool, times: set[int], moments: list[int]
) -> None:
    changes = Changes(before, np.array(sorted(times), dtype=np.int64))
    value, rises, falls = before, [], []
    for time in sorted(times):
        value = not value
        (rises if value else falls).append(time)
    assert changes.edges("rise").tolist() == rises
    assert changes.edges("fall").tolist() == falls
    found = changes.just_before(np.array(moments, dtype=np.int64)).tolist()
    assert found == [before ^ (sum(time < moment for time in times) % 2 == 1) for moment in moments]


@given(st.data())
def test_a_dump_is_read_in_pieces_of_any_size(data: st.DataObject) -> None:
    """Codes of one to three characters, and pieces that are smaller than many lines."""
    codes = data.draw(st.lists(st.text("!~aA09#", min_size=1, max_size=3), min_size=1, unique=True))
    bits = {code: data.draw(st.booleans()) for code in codes}
    lines = [f"$var wire 1 {code} s{place} $end" for place, code in enumerate(codes)]
    lines += ["$enddefinitions $end", "#0", *(f"{int(bit)}{code}" for code, bit in bits.items())]
    expected: dict[str, list[int]] = {code: [] for code in codes}
    now = 0
    for code in data.draw(st.lists(st.sampled_from(codes), max_size=30)):
        now += data.draw(st.integers(1, 10**12))
        lines += [f"#{now}", f"{int(not bits[code])}{code}"]
        bits[code] = not bits[code]
        expected[code].append(now)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(waveform, "_CHUNK_BYTES", data.draw(st.sampled_from([1, 50, 1 << 20])))
        path = Path(folder) / "waves.vcd"
        path.write_text("\n".join((*lines, "")))
        read = Waveform(path)
    found = {code: read.bit(f"s{place}").times.tolist() for place, code in enumerate(codes)}
    assert found == expected
