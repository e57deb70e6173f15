/* SPDX-License-Identifier: Apache-2.0 */
/* What a device is programmed to, and when every method stops. */
#ifndef PROGRAMMING_GOAL_H
#define PROGRAMMING_GOAL_H

#include <stdbool.h>
#include <stdint.h>

#include "memristor.h"

/* Pulses that a device may get for one goal. */
#define PULSE_BUDGET 100u

/* Scaled read currents in units of 2**-FRAC. */
struct goal {
    int32_t target;
    int32_t tolerance;
};

/* True if there is nothing more to do, or nothing that can be done: the current is within the
   tolerance; or above it, from where no pulse leads back; or the pulses are used up. */
static inline bool goal_is_over(const struct goal *goal, int32_t current, uint32_t applied) {
    return current >= goal->target - goal->tolerance || applied >= PULSE_BUDGET;
}

/* Apply `count` pulses, 1 at least, as far as the budget goes; how many they were. */
static inline uint32_t goal_pulse(uint32_t candidate, uint32_t count, uint32_t applied) {
    const uint32_t left = PULSE_BUDGET - applied;
    const uint32_t pulses = count == 0u ? 1u : count > left ? left : count;
    memristor_pulse(candidate, pulses);
    return pulses;
}

#endif
