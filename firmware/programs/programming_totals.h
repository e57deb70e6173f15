/* SPDX-License-Identifier: Apache-2.0 */
/* What a method took on every device and target, and its totals and medians on the console. */
#ifndef PROGRAMMING_TOTALS_H
#define PROGRAMMING_TOTALS_H

#include "programming_goal.h"
#include "soc.h"

#define MOST_TRIALS 1536u

enum measured { PULSES_OF, READS_OF, ERROR_OF, CYCLES_OF, MEASURED };

struct totals {
    uint32_t trials;
    uint32_t reached; /* ended within the tolerance */
    uint32_t over;    /* ended above it */
    uint32_t each[MEASURED][MOST_TRIALS];
};

/* A trial that ended. */
struct trial {
    int32_t current;
    uint32_t pulses;
    uint32_t reads;
    uint32_t cycles;
};

/* What the selected device counted, after a method that ended at `current`. */
static struct trial trial_of(int32_t current, uint32_t cycles) {
    const uint32_t pulses = memristor_read(MEMRISTOR_APPLIED);
    return (struct trial){current, pulses, memristor_read(MEMRISTOR_READS), cycles};
}

static bool is_reached(const struct goal *goal, const struct trial *trial) {
    return trial->current >= goal->target - goal->tolerance &&
           trial->current <= goal->target + goal->tolerance;
}

/* The distance from the target in millionths of the full scale 2**frac. */
static uint32_t error_ppm(const struct goal *goal, int32_t current, uint32_t frac) {
    const int32_t signed_error = current - goal->target;
    const int32_t error = signed_error < 0 ? -signed_error : signed_error;
    return (uint32_t)(((uint64_t)(uint32_t)error * 1000000u) >> frac);
}

static void add_trial(struct totals *totals, const struct goal *goal, const struct trial *trial,
                      uint32_t frac) {
    const uint32_t number = totals->trials++;
    totals->reached += is_reached(goal, trial) ? 1u : 0u;
    totals->over += trial->current > goal->target + goal->tolerance ? 1u : 0u;
    totals->each[PULSES_OF][number] = trial->pulses;
    totals->each[READS_OF][number] = trial->reads;
    totals->each[ERROR_OF][number] = error_ppm(goal, trial->current, frac);
    totals->each[CYCLES_OF][number] = trial->cycles;
}

static uint32_t sum_of(const uint32_t *values, uint32_t count) {
    uint32_t sum = 0u;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

/* The lower median of `count` values, 1 at least, which are put in order. */
static uint32_t median_of(uint32_t *values, uint32_t count) {
    for (uint32_t gap = count / 2u; gap > 0u; gap /= 2u) {
        for (uint32_t i = gap; i < count; i++) {
            const uint32_t value = values[i];
            uint32_t at = i;
            while (at >= gap && values[at - gap] > value) {
                values[at] = values[at - gap];
                at -= gap;
            }
            values[at] = value;
        }
    }
    return values[(count - 1u) / 2u];
}

static void put_measure(const char *name, uint32_t value) {
    put_char(' ');
    put_text(name);
    put_char(' ');
    put_unsigned(value);
}

/* One line. It ends with the cycles of the coprocessor's work, 0 for a method without it. */
static void put_totals(const char *method, uint32_t devices, struct totals *totals) {
    const uint32_t trials = totals->trials;
    put_text("measure ");
    put_text(method);
    put_measure("devices", devices);
    put_measure("trials", trials);
    put_measure("reached", totals->reached);
    put_measure("over", totals->over);
    put_measure("short", trials - totals->reached - totals->over);
    put_measure("total_pulses", sum_of(totals->each[PULSES_OF], trials));
    put_measure("total_reads", sum_of(totals->each[READS_OF], trials));
    put_measure("total_cycles", sum_of(totals->each[CYCLES_OF], trials));
    put_measure("median_pulses", median_of(totals->each[PULSES_OF], trials));
    put_measure("median_reads", median_of(totals->each[READS_OF], trials));
    put_measure("median_error_ppm", median_of(totals->each[ERROR_OF], trials));
    put_measure("median_cycles", median_of(totals->each[CYCLES_OF], trials));
    put_char('\n');
}

#endif
