/* SPDX-License-Identifier: Apache-2.0 */
/* Write-and-verify without a model, in three ways; all take one kind of pulse. */
#ifndef PROGRAMMING_BLIND_H
#define PROGRAMMING_BLIND_H

#include "programming_goal.h"

#define LONGEST_BURST 16

/* A pulse, a read, and so on. Returns the last current, as the others do. */
static int32_t program_by_single_pulses(const struct goal *goal, uint32_t candidate) {
    uint32_t applied = 0u;
    int32_t current = memristor_current();
    while (!goal_is_over(goal, current, applied)) {
        applied += goal_pulse(candidate, 1u, applied);
        current = memristor_current();
    }
    return current;
}

/* Bursts of 1, 2, 4, ... pulses between reads, and from 1 again once a burst as effective as the
   last four times over would pass the target. */
static int32_t program_by_doubling_bursts(const struct goal *goal, uint32_t candidate) {
    uint32_t applied = 0u;
    uint32_t burst = 1u;
    int32_t current = memristor_current();
    while (!goal_is_over(goal, current, applied)) {
        const int32_t before = current;
        applied += goal_pulse(candidate, burst, applied);
        current = memristor_current();
        burst = 4 * (current - before) < goal->target - current ? 2u * burst : 1u;
    }
    return current;
}

/* Bursts as long as it would take if the current went on rising as it did in the last burst. It
   rises ever more slowly, so that this comes from below. */
static int32_t program_by_extrapolation(const struct goal *goal, uint32_t candidate) {
    uint32_t applied = 0u;
    int32_t burst = 1;
    int32_t current = memristor_current();
    while (!goal_is_over(goal, current, applied)) {
        const int32_t before = current;
        const uint32_t pulses = goal_pulse(candidate, (uint32_t)burst, applied);
        applied += pulses;
        current = memristor_current();
        const int32_t rise = current - before;
        const int32_t left = goal->target - current;
        if (rise <= 0) {
            burst++;
        } else if (left > 0) {
            /* left and rise are below 2**30, the pulses of a burst are few. */
            const int64_t wanted = (int64_t)left * (int32_t)pulses;
            burst = 1;
            while (burst < LONGEST_BURST && (int64_t)(burst + 1) * rise <= wanted) {
                burst++;
            }
        }
    }
    return current;
}

#endif
