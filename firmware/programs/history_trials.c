/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices programmed to levels by the controller that knows their history: by the coprocessor, and
 * by the fastest software of the same network. Every decision is compared with the integer
 * reference's.
 *
 * Console: `measure history_<way> decisions ... mismatches ... cycles ...`, or `fail`.
 */
#include "program.h"

#include "history_controller.h"
#include "history_trials.h"
#include "mlp.h"

#if NETWORK_INPUTS != HISTORY_INPUTS || NETWORK_OUTPUTS != 2
#error "this program wants a history network of 13 inputs and 2 outputs"
#endif
#ifndef HISTORY_SOFTWARE
#define HISTORY_SOFTWARE mlp_fused
#endif

static struct pulsewright device;

/* One way to infer: codes to results, and a status of the driver. */
typedef int (*inference)(const int16_t *codes, int32_t *results);

struct counts {
    uint32_t decisions;
    uint32_t mismatches;
    uint32_t reads;
    uint32_t pulses;
    uint32_t over;
    uint32_t below;
    uint32_t cycles;           /* of whole decisions */
    uint32_t inference_cycles; /* of their two inferences alone */
};

static int by_coprocessor(const int16_t *codes, int32_t *results) {
    return pulsewright_infer(&device, codes, results);
}

static int by_software(const int16_t *codes, int32_t *results) {
    network_code packed[NETWORK_INPUT_WORDS * (32u / NETWORK_CODE_BITS)] = {0};
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        packed[i] = (network_code)codes[i];
    }
    HISTORY_SOFTWARE(packed, results);
    return PULSEWRIGHT_OK;
}

static int infer(inference way, const int32_t *inputs, int32_t *results, struct counts *counts) {
    int16_t codes[NETWORK_INPUTS];
    network_codes(inputs, codes);
    const uint32_t begin = soc_cycle();
    const int status = way(codes, results);
    counts->inference_cycles += soc_cycle() - begin;
    return status;
}

/* The next burst; 0 if the coprocessor refuses. */
static int32_t decide(inference way, const struct read_history *history,
                      const struct pulse_setting *setting, int32_t level, int32_t tolerance,
                      struct counts *counts) {
    int32_t inputs[HISTORY_INPUTS];
    int32_t results[2];
    const int32_t frac = device.result_frac;
    const int32_t line = history_prepare(history, setting, level, inputs);
    if (infer(way, inputs, results, counts) != PULSEWRIGHT_OK) {
        return 0;
    }
    const int32_t median = history_pulses(history, line, results[HISTORY_MEDIAN], frac);
    const int32_t limit = history_other_level(history, (int64_t)level + tolerance, inputs);
    if (infer(way, inputs, results, counts) != PULSEWRIGHT_OK) {
        return 0;
    }
    const int32_t least = history_pulses(history, limit, results[HISTORY_LOW_QUANTILE], frac);
    return history_burst(history, level, median, least);
}

/* Whether this decision is not that of the reference. */
static uint32_t differs(uint32_t trial, uint32_t decision, int32_t burst) {
    const uint32_t place = (uint32_t)trial_first_decision[trial] + decision;
    return place >= (uint32_t)trial_first_decision[trial + 1u] || decisions[place] != burst;
}

static void run_trial(inference way, uint32_t trial, struct counts *counts) {
    const uint32_t number = (uint32_t)trial_device[trial];
    const int32_t *reads = device_reads[number];
    const int32_t *values = device_setting[number];
    const struct pulse_setting setting = {values[0], values[1], values[2], values[3], values[4]};
    const int32_t level = trial_level[trial];
    const int32_t tolerance = trial_tolerance[trial];
    struct read_history history = {0, 0, reads[0], reads[0], reads[0], device_resolution[number]};
    uint32_t decided = 0u;
    while (history.last < level - tolerance && history.last_place < (int32_t)PLACES - 1) {
        const uint32_t begin = soc_cycle();
        const int32_t burst = decide(way, &history, &setting, level, tolerance, counts);
        counts->cycles += soc_cycle() - begin;
        counts->mismatches += differs(trial, decided, burst);
        decided++;
        if (burst < 1) {
            break;
        }
        const int32_t left = (int32_t)PLACES - 1 - history.last_place;
        history.previous_place = history.last_place;
        history.previous = history.last;
        history.last_place += burst < left ? burst : left;
        history.last = reads[history.last_place];
    }
    const uint32_t expected =
        (uint32_t)(trial_first_decision[trial + 1u] - trial_first_decision[trial]);
    counts->mismatches += expected > decided ? expected - decided : 0u;
    counts->decisions += decided;
    counts->reads += decided + 1u;
    counts->pulses += (uint32_t)history.last_place;
    counts->over += history.last > level + tolerance ? 1u : 0u;
    counts->below += history.last < level - tolerance ? 1u : 0u;
}

static uint32_t run_all(const char *name, inference way) {
    struct counts counts = {0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u};
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        run_trial(way, trial, &counts);
    }
    put_text("measure ");
    put_text(name);
    put_field("trials", (int32_t)TRIALS);
    put_field("decisions", (int32_t)counts.decisions);
    put_field("mismatches", (int32_t)counts.mismatches);
    put_field("reads", (int32_t)counts.reads);
    put_field("pulses", (int32_t)counts.pulses);
    put_field("over", (int32_t)counts.over);
    put_field("short", (int32_t)counts.below);
    put_field("cycles", (int32_t)counts.cycles);
    put_field("inference_cycles", (int32_t)counts.inference_cycles);
    put_char('\n');
    return counts.mismatches;
}

int main(void) {
    int code = program_begin(&device) == PULSEWRIGHT_OK ? 0 : PROGRAM_FAILED;
    if (code == 0) {
        uint32_t wrong = run_all("history_coprocessor", by_coprocessor);
        wrong += run_all("history_software", by_software);
        code = wrong == 0u ? 0 : PROGRAM_FAILED;
    }
    soc_exit(code);
    return code;
}
