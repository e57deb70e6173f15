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
#ifdef HISTORY_MEMORIES
#include "history_memory.h"
#endif

#if NETWORK_INPUTS != HISTORY_INPUTS || NETWORK_OUTPUTS != 2
#error "this program wants a history network of 13 inputs and 2 outputs"
#endif
#ifndef HISTORY_SOFTWARE
#define HISTORY_SOFTWARE mlp_fused
#endif

static struct pulsewright device;
#ifdef HISTORY_MEMORIES
static struct device_memory memories[HISTORY_MEMORIES];
#endif

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

/* The lines to the level and to level + tolerance, the median and the low quantile; whether the
   coprocessor did it. */
static int ask(inference way, const struct read_history *history,
               const struct pulse_setting *setting, int32_t level, int32_t tolerance,
               int32_t lines[2], int32_t quantiles[2], struct counts *counts) {
    int32_t inputs[HISTORY_INPUTS];
    int32_t results[2];
    lines[0] = history_prepare(history, setting, level, inputs);
    if (infer(way, inputs, results, counts) != PULSEWRIGHT_OK) {
        return 0;
    }
    quantiles[0] = results[HISTORY_MEDIAN];
    lines[1] = history_other_level(history, (int64_t)level + tolerance, inputs);
    if (infer(way, inputs, results, counts) != PULSEWRIGHT_OK) {
        return 0;
    }
    quantiles[1] = results[HISTORY_LOW_QUANTILE];
    return 1;
}

/* The next burst; 0 if the coprocessor refuses. */
static int32_t decide(inference way, uint32_t trial, const struct read_history *history,
                      const struct pulse_setting *setting, struct counts *counts) {
    const int32_t level = trial_level[trial];
    const int32_t tolerance = trial_tolerance[trial];
    const int32_t frac = device.result_frac;
    int32_t lines[2];
    int32_t quantiles[2];
    if (!ask(way, history, setting, level, tolerance, lines, quantiles, counts)) {
        return 0;
    }
#ifdef HISTORY_MEMORIES
    const struct device_memory *memory = &memories[trial_memory[trial]];
    if (history->last_place == 0 && memory->log_gain > 0u) {
        return history_first_burst(memory, history, level, tolerance, lines, quantiles, frac);
    }
#endif
    return history_burst(history, level, history_pulses(history, lines[0], quantiles[0], frac),
                         history_pulses(history, lines[1], quantiles[1], frac));
}

/* After a trial: what is kept of the device. */
static void remember(uint32_t trial, const struct read_history *history) {
#ifdef HISTORY_MEMORIES
    history_remember(&memories[trial_memory[trial]], history->last_place, history->first,
                     history->last);
#else
    (void)trial;
    (void)history;
#endif
}

static void forget_all(void) {
#ifdef HISTORY_MEMORIES
    for (uint32_t number = 0; number < HISTORY_MEMORIES; number++) {
        memories[number].log_gain = 0u;
        memories[number].deviation = 0u;
    }
#endif
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
        const int32_t burst = decide(way, trial, &history, &setting, counts);
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
    remember(trial, &history);
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
    forget_all();
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
