/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programming controller: the coprocessor predicts where each kind of pulse leads.
 *
 * In each round the current that was read places the device on the predicted curve of every
 * candidate: it is where the prediction first reaches that current. From there the controller asks
 * how many pulses lead to its aim, takes the candidate that comes closest, applies the pulses and
 * reads again. A device may be faster or slower than predicted. So the first bursts aim low, since
 * no pulse leads back, and the places before and after a burst tell the pace of the device, by
 * which the next counts are corrected.
 */
#ifndef PROGRAMMING_GUIDED_H
#define PROGRAMMING_GUIDED_H

#include "network_input_map.h"
#include "programming_goal.h"
#include "pulsewright.h"
#include "soc.h"

#define MOST_CANDIDATES 8u
#define MOST_ROUNDS 16u

/* The selected device as the model sees it. */
struct predicted_device {
    struct pulsewright *coprocessor;
    uint32_t candidates;
    uint16_t last; /* the last pulse number of a curve */
    int16_t codes[MOST_CANDIDATES][NETWORK_INPUTS];
};

/* A burst that may come next. */
struct burst {
    int32_t miss;      /* distance of the prediction from the aim, 0 if it is close enough */
    uint32_t pulses;   /* by the pace of the device */
    uint32_t candidate;
    uint16_t place;    /* where the device is on the predicted curve */
};

/* Pulses applied, and pulses by which the device went on along the predicted curve. */
struct pace {
    uint32_t applied;
    uint32_t advanced;
};

/* Read the parameters of the candidates of the selected device. */
static void describe_device(struct predicted_device *device) {
    int32_t physical[1u + MEMRISTOR_PARAMETERS];
    physical[0] = 0; /* the pulse number is the coprocessor's to count */
    for (uint32_t candidate = 0; candidate < device->candidates; candidate++) {
        for (uint32_t i = 0; i < MEMRISTOR_PARAMETERS; i++) {
            physical[1u + i] = memristor_parameter(candidate, i);
        }
        network_codes(physical, device->codes[candidate]);
    }
}

/* The place on the predicted curve whose prediction first reaches `current`; the last if none. */
static int find_place(const struct predicted_device *device, uint32_t candidate, int32_t current,
                      uint16_t *place) {
    const int status = pulsewright_reach(device->coprocessor, device->codes[candidate], 0u,
                                         device->last, current, place);
    if (status == PULSEWRIGHT_NOT_REACHED) {
        *place = device->last;
        return PULSEWRIGHT_OK;
    }
    return status;
}

static int32_t distance(int32_t a, int32_t b) {
    return a > b ? a - b : b - a;
}

/* The number of pulses from `place` that comes closest to `aim` by prediction: the first within
   `close` of it, or the better of the two around it. The end of the curve if it stays below. */
static int find_end(const struct predicted_device *device, uint32_t candidate, uint16_t place,
                    int32_t aim, int32_t close, uint16_t *end, int32_t *miss) {
    const int16_t *codes = device->codes[candidate];
    const uint16_t first = (uint16_t)(place + 1u);
    int32_t before = 0;
    int32_t there = 0;
    int status =
        pulsewright_reach(device->coprocessor, codes, first, device->last, aim - close, end);
    if (status == PULSEWRIGHT_NOT_REACHED) {
        *end = device->last;
        status = PULSEWRIGHT_OK;
    }
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const bool is_first = *end == first;
    status = pulsewright_curve_start(device->coprocessor, codes,
                                     (uint16_t)(*end - (is_first ? 0u : 1u)), *end, false);
    if (status == PULSEWRIGHT_OK && !is_first) {
        status = pulsewright_curve_next(device->coprocessor, &before);
    }
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_curve_next(device->coprocessor, &there);
    }
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    *miss = distance(there, aim);
    if (*miss > close && !is_first && distance(before, aim) <= *miss) {
        *miss = distance(before, aim);
        *end = (uint16_t)(*end - 1u);
    }
    *miss = *miss <= close ? 0 : *miss;
    return PULSEWRIGHT_OK;
}

static bool is_better(const struct burst *a, const struct burst *b) {
    return a->miss != b->miss ? a->miss < b->miss : a->pulses < b->pulses;
}

/* The best burst of all candidates. place: of the device on each predicted curve. Where every
   prediction has ended below the present current, one pulse of candidate 0. */
static int choose_burst(const struct predicted_device *device, const struct pace *pace,
                        const uint16_t *place, int32_t aim, int32_t close, struct burst *best) {
    *best = (struct burst){INT32_MAX, 1u, 0u, device->last};
    for (uint32_t candidate = 0; candidate < device->candidates; candidate++) {
        struct burst burst = {0, 0u, candidate, place[candidate]};
        uint16_t end;
        if (burst.place == device->last) {
            continue;
        }
        const int status =
            find_end(device, candidate, burst.place, aim, close, &end, &burst.miss);
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        burst.pulses = (uint32_t)(end - burst.place) * pace[candidate].applied;
        burst.pulses /= pace[candidate].advanced;
        burst.pulses = burst.pulses == 0u ? 1u : burst.pulses;
        if (is_better(&burst, best)) {
            *best = burst;
        }
    }
    return PULSEWRIGHT_OK;
}

/* Where to go from `current`: three quarters of the way, all of it for the last steps. */
static int32_t choose_aim(const struct goal *goal, int32_t current) {
    const int32_t rest = goal->target - current;
    return rest <= 2 * goal->tolerance ? goal->target : goal->target - rest / 4;
}

/* Program the selected device, which must be fresh. *current: the last that was read. *cycles:
   clock cycles in which the coprocessor was asked, with driver and choice. The driver's status. */
static int program_by_model(const struct predicted_device *device, const struct goal *goal,
                            int32_t *current, uint32_t *cycles) {
    struct pace pace[MOST_CANDIDATES];
    uint16_t place[MOST_CANDIDATES];
    struct burst burst = {0, 0u, 0u, device->last};
    uint32_t applied = 0u;
    for (uint32_t candidate = 0; candidate < device->candidates; candidate++) {
        pace[candidate] = (struct pace){1u, 1u};
    }
    *cycles = 0u;
    *current = memristor_current();
    for (uint32_t turn = 0; turn < MOST_ROUNDS; turn++) {
        if (goal_is_over(goal, *current, applied)) {
            break;
        }
        const uint32_t started = soc_cycle();
        for (uint32_t candidate = 0; candidate < device->candidates; candidate++) {
            const int status = find_place(device, candidate, *current, &place[candidate]);
            if (status != PULSEWRIGHT_OK) {
                return status;
            }
        }
        if (burst.place < device->last) {
            const uint16_t now = place[burst.candidate];
            pace[burst.candidate].applied += burst.pulses;
            if (now > burst.place) {
                pace[burst.candidate].advanced += (uint32_t)(now - burst.place);
            }
        }
        const int status = choose_burst(device, pace, place, choose_aim(goal, *current),
                                        goal->tolerance / 2, &burst);
        *cycles += soc_cycle() - started;
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        burst.pulses = goal_pulse(burst.candidate, burst.pulses, applied);
        applied += burst.pulses;
        *current = memristor_current();
    }
    return PULSEWRIGHT_OK;
}

#endif
