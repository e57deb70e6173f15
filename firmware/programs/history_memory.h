/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programming controller keeps of a device from one programming to the next, bit for bit
 * hls_model/closed_loop/memory.py: docs/closed-loop.md. Four bytes a device; all zero at first.
 *
 * What history_population.h gives (sim/soc/history_tables.py): HISTORY_ENTRIES and
 * history_rises[HISTORY_ENTRIES], the usual rise by the eighth of an octave of 1 + N, strictly
 * rising from 0.
 */
#ifndef HISTORY_MEMORY_H
#define HISTORY_MEMORY_H

#include "history_controller.h"
#include "history_population.h"

/* In octaves of 2**-11; log_gain is 0 where nothing is known. */
struct device_memory {
    uint16_t log_gain;
    uint16_t deviation;
};

static inline int32_t history_rise_at(int32_t place) {
    const int32_t last = (HISTORY_ENTRIES - 1) << HISTORY_STEP_BITS;
    const int32_t whole = history_log2(1 + (int64_t)place);
    const int32_t octaves = whole < last ? whole : last;
    const int32_t entry = history_clip(octaves >> HISTORY_STEP_BITS, 0, HISTORY_ENTRIES - 2);
    const int32_t low = history_rises[entry];
    const int32_t between = octaves - (entry << HISTORY_STEP_BITS);
    return low + ((history_rises[entry + 1] - low) * between >> HISTORY_STEP_BITS);
}

/* log2(1 + N) at which the rise is reached, in octaves of 2**-12, at least 1. */
static inline int32_t history_octaves_to(int32_t rise) {
    const int32_t inside = history_clip(rise, 0, history_rises[HISTORY_ENTRIES - 1]);
    int32_t entry = 0;
    int32_t above = HISTORY_ENTRIES - 1;
    while (above - entry > 1) {
        const int32_t middle = (entry + above) / 2;
        if (history_rises[middle] <= inside) {
            entry = middle;
        } else {
            above = middle;
        }
    }
    const int32_t low = history_rises[entry];
    const int32_t between =
        ((inside - low) << HISTORY_STEP_BITS) / (history_rises[entry + 1] - low);
    return history_at_least((entry << HISTORY_STEP_BITS) + between, 1);
}

/* After a programming of `pulses` from the current `first` to `last`. */
static inline void history_remember(struct device_memory *memory, int32_t pulses, int32_t first,
                                    int32_t last) {
    if (pulses == 0) {
        return;
    }
    if (last <= first) {
        memory->log_gain = 0u;
        memory->deviation = 0u;
        return;
    }
    const int32_t expected =
        history_log2(history_rise_at(pulses)) - HISTORY_UNIT_BITS * HISTORY_OCTAVE;
    const int32_t seen = history_clip((history_log2(last - first) - expected) >> HISTORY_KEPT_BITS,
                                      1, UINT16_MAX);
    const int32_t change = seen - memory->log_gain;
    if (memory->log_gain == 0u) {
        memory->log_gain = (uint16_t)seen;
        memory->deviation = HISTORY_USUAL_DEVIATION;
        return;
    }
    const int32_t gain = memory->log_gain + (HISTORY_OWN_SHARE * change >> HISTORY_SHARE_BITS);
    const int32_t moved = change < 0 ? -change : change;
    memory->log_gain = (uint16_t)gain;
    memory->deviation = (uint16_t)history_at_least(moved, memory->deviation >> 1);
}

/* Pulses from none by a result of the network, mixed with the way to a rise by `rest` that a
   device of this gain takes; in units of 2**-12. */
static inline int32_t history_mixed_pulses(int32_t gain, int64_t rest, int32_t line,
                                           int32_t result, int32_t frac) {
    const int32_t share = history_log2(rest) - gain;
    const int32_t rise = history_exp2(share + (HISTORY_UNIT_BITS - 12) * HISTORY_OCTAVE);
    const int32_t own = history_log2(history_octaves_to(rise)) - 12 * HISTORY_OCTAVE;
    const int64_t usual = line + history_correction(result, frac);
    const int64_t way = usual + ((HISTORY_OWN_SHARE * (own - usual)) >> HISTORY_SHARE_BITS);
    return history_exp2(history_exp2(way)) - HISTORY_OCTAVE;
}

/* The first burst of a device with log_gain > 0; `lines` and `results` to the level by the median,
   and to level + tolerance by the low quantile. */
static inline int32_t history_first_burst(const struct device_memory *memory,
                                          const struct read_history *history, int32_t level,
                                          int32_t tolerance, const int32_t lines[2],
                                          const int32_t results[2], int32_t frac) {
    const int32_t gain = (int32_t)memory->log_gain << HISTORY_KEPT_BITS;
    const int32_t margin =
        HISTORY_MARGIN + ((int32_t)memory->deviation << HISTORY_KEPT_BITS);
    const int64_t rest = (int64_t)level - history->last;
    const int32_t median = history_mixed_pulses(gain, rest, lines[0], results[0], frac);
    const int32_t least =
        history_mixed_pulses(gain + margin, rest + tolerance, lines[1], results[1], frac);
    const int32_t rounded = (int32_t)(((int64_t)median + HISTORY_OCTAVE / 2) >> HISTORY_OCTAVE_BITS);
    const int32_t below = least >> HISTORY_OCTAVE_BITS;
    return history_clip(rounded < below ? rounded : below, 1, HISTORY_LONGEST_FIRST_BURST);
}

#endif
