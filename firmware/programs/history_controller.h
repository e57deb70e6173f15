/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programming controller that knows the history of a device, bit for bit that of
 * hls_model/closed_loop: docs/closed-loop.md. No floating point; currents are integers of any unit,
 * 0 to 2**31 - 1, and so are level and tolerance.
 *
 * What history_tables.h gives (sim/soc/history_tables.py): HISTORY_* bounds in octaves of 2**-12,
 * history_logarithms[257] and history_powers[257].
 */
#ifndef HISTORY_CONTROLLER_H
#define HISTORY_CONTROLLER_H

#include <stdint.h>

#include "history_tables.h"

#define HISTORY_INPUTS 13
#define HISTORY_OCTAVE (1 << HISTORY_OCTAVE_BITS)

/* mV and us. */
struct pulse_setting {
    int32_t v_set;
    int32_t v_anti;
    int32_t t_set;
    int32_t t_off;
    int32_t t_read;
};

/* First, previous and last read, and the pulses given before these; the step of the instrument.
   With the first read alone both places are 0 and all reads are the first. */
struct read_history {
    int32_t previous_place;
    int32_t last_place;
    int32_t first;
    int32_t previous;
    int32_t last;
    int32_t resolution;
};

static inline int32_t history_clip(int64_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : (int32_t)value;
}

static inline int32_t history_at_least(int32_t value, int32_t least) {
    return value < least ? least : value;
}

/* In octaves of 2**-12; values outside 1 to 2**31 - 1 are taken as the nearest of these. */
static inline int32_t history_log2(int64_t value) {
    uint32_t aligned = (uint32_t)history_clip(value, 1, INT32_MAX);
    int32_t octave = 31;
    /* Cores without Zbb have no count of leading zeros. */
    for (int32_t bits = 16; bits > 0; bits /= 2) {
        if (aligned >> (32 - bits) == 0u) {
            aligned <<= bits;
            octave -= bits;
        }
    }
    const uint32_t mantissa = aligned >> 15 & 0xFFFFu;
    const uint32_t step = mantissa >> 8;
    const int32_t low = history_logarithms[step];
    const int32_t rise = (history_logarithms[step + 1u] - low) * (int32_t)(mantissa & 0xFFu);
    return octave * HISTORY_OCTAVE + low + ((rise + 128) >> 8);
}

/* 2**(exponent / 4096) in units of 2**-12, rounded down. */
static inline int32_t history_exp2(int64_t exponent) {
    const int32_t inside =
        history_clip(exponent, -32 * HISTORY_OCTAVE, HISTORY_LARGEST_EXPONENT);
    const int32_t octave = (inside >> HISTORY_OCTAVE_BITS) - 4;
    const uint32_t place = (uint32_t)inside & (HISTORY_OCTAVE - 1u);
    const int32_t low = history_powers[place >> 4];
    const int32_t rise = (history_powers[(place >> 4) + 1u] - low) * (int32_t)(place & 15u);
    const int32_t mantissa = low + (rise >> 4);
    if (octave >= 0) {
        return mantissa << octave;
    }
    return octave < -31 ? 0 : mantissa >> -octave;
}

/* Logarithm of the relative rise per octave of 1 + N, bounded. */
static inline int32_t history_slope(int32_t rise, int32_t log_last, int32_t octaves, int known) {
    if (!known) {
        return HISTORY_USUAL_SLOPE;
    }
    if (rise <= 0) {
        return HISTORY_LEAST_SLOPE;
    }
    const int32_t steps = history_log2(octaves) - 12 * HISTORY_OCTAVE;
    return history_clip((int64_t)history_log2(rise) - log_last - steps, HISTORY_LEAST_SLOPE,
                        HISTORY_LARGEST_SLOPE);
}

/* Logarithm of (level - I) / I, bounded. last: not below the resolution. */
static inline int32_t history_distance(int64_t level, int32_t last, int32_t log_last) {
    return history_clip((int64_t)history_log2(level - last) - log_last, HISTORY_NEAREST,
                        HISTORY_FARTHEST);
}

/* The network's inputs for the pulses to `level`; returns what its outputs add to. */
static inline int32_t history_prepare(const struct read_history *history,
                                      const struct pulse_setting *setting, int64_t level,
                                      int32_t inputs[HISTORY_INPUTS]) {
    const int32_t floor = history_at_least(history->resolution, 1);
    const int32_t first = history_at_least(history->first, floor);
    const int32_t previous = history_at_least(history->previous, floor);
    const int32_t last = history_at_least(history->last, floor);
    const int known = history->last_place > 0;
    const int32_t log_last = history_log2(last);
    const int32_t place = history_log2(1 + (int64_t)history->last_place);
    const int32_t step = place - history_log2(1 + (int64_t)history->previous_place);
    const int32_t distance = history_distance(level, last, log_last);
    const int32_t slope = history_slope(last - previous, log_last, step, known);
    const int32_t line = distance - slope;
    const int32_t noise = history_log2(history_at_least(last / HISTORY_NOISE_DIVISOR, floor));
    const int32_t share = history_exp2((int64_t)noise - history_log2(last - previous));
    inputs[0] = place;
    inputs[1] = step;
    inputs[2] = distance;
    inputs[3] = history_clip(line, HISTORY_SHORTEST_LINE, HISTORY_LONGEST_LINE);
    inputs[4] = slope;
    inputs[5] = history_slope(last - first, log_last, place, known);
    inputs[6] = known;
    inputs[7] = !known ? 0 : share > HISTORY_MOST_NOISE ? HISTORY_MOST_NOISE : share;
    inputs[8] = history_log2(setting->t_set);
    inputs[9] = history_log2(setting->t_off);
    inputs[10] = history_log2(setting->t_read);
    inputs[11] = setting->v_set;
    inputs[12] = setting->v_anti;
    return line;
}

/* The inputs that another level changes; `inputs` of history_prepare for any level. */
static inline int32_t history_other_level(const struct read_history *history, int64_t level,
                                          int32_t inputs[HISTORY_INPUTS]) {
    const int32_t last =
        history_at_least(history->last, history_at_least(history->resolution, 1));
    const int32_t distance = history_distance(level, last, history_log2(last));
    const int32_t line = distance - inputs[4];
    inputs[2] = distance;
    inputs[3] = history_clip(line, HISTORY_SHORTEST_LINE, HISTORY_LONGEST_LINE);
    return line;
}

/* What a result of the network with `frac` fractional bits adds to the straight line. */
static inline int64_t history_correction(int32_t result, int32_t frac) {
    const int32_t shift = frac - HISTORY_OCTAVE_BITS;
    return shift >= 0 ? (int64_t)(result >> shift) : (int64_t)result * (1 << -shift);
}

/* Pulses to come by a result of the network, in units of 2**-12. */
static inline int32_t history_pulses(const struct read_history *history, int32_t line,
                                     int32_t result, int32_t frac) {
    const int64_t correction = history_correction(result, frac);
    const int64_t after = 1 + (int64_t)history->last_place;
    const int32_t end = history_exp2((int64_t)history_log2(after) + history_exp2(line + correction));
    return (int32_t)(end - after * HISTORY_OCTAVE);
}

/* a * b / divisor rounded down, at most 2**31 - 1; divisor: 1 to 2**31 - 1. By hand, since not every
   system links a library for 64 bits. */
static inline int32_t history_proportion(uint32_t a, uint32_t b, uint32_t divisor) {
    const uint64_t product = (uint64_t)a * b;
    const uint32_t low = (uint32_t)product;
    uint32_t rest = (uint32_t)(product >> 32);
    uint32_t quotient = 0u;
    if (rest >= divisor) {
        return INT32_MAX;
    }
    for (int bit = 31; bit >= 0; bit--) {
        rest = rest << 1 | (low >> bit & 1u);
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1u;
        }
    }
    return quotient > INT32_MAX ? INT32_MAX : (int32_t)quotient;
}

/* The most pulses that the guard lets through, whatever a network says. */
static inline int32_t history_limit(const struct read_history *history, int32_t level) {
    const int32_t step = history->last_place - history->previous_place;
    const int32_t rise = history->last - history->previous;
    const int32_t rest = level > history->last ? level - history->last : 0;
    if (history->last_place == 0) {
        return HISTORY_FIRST_BURST;
    }
    if (rise <= 0) {
        return HISTORY_GUARD * step;
    }
    return history_proportion((uint32_t)rest, (uint32_t)(HISTORY_GUARD * step), (uint32_t)rise);
}

/* The burst, 1 or more. median, least: history_pulses to the level by the median, and to
   level + tolerance by the low quantile. */
static inline int32_t history_burst(const struct read_history *history, int32_t level,
                                    int32_t median, int32_t least) {
    const int32_t rounded = (int32_t)(((int64_t)median + HISTORY_OCTAVE / 2) >> HISTORY_OCTAVE_BITS);
    const int32_t below = least >> HISTORY_OCTAVE_BITS;
    const int32_t limit = history_limit(history, level);
    const int32_t wanted = rounded < below ? rounded : below;
    return history_at_least(wanted < limit ? wanted : limit, 1);
}

#endif
