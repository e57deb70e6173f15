/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demonstrator: simulated memristive devices are programmed to target read currents, guided by
 * the model in the coprocessor and by blind write-and-verify, each device fresh for each trial.
 *
 * Console: `measure <method> devices ... median_error_ppm ...`, one line a method, or `fail`.
 */
#include "programming_blind.h"
#include "programming_guided.h"
#include "programming_totals.h"

#ifndef COPROCESSOR_BASE
#define COPROCESSOR_BASE 0x20000000u
#endif
/* Fewer devices than there are make a short run. */
#ifndef DEVICES_LIMIT
#define DEVICES_LIMIT 0xFFFFFFFFu
#endif
#define TARGETS 3u /* quarters of the full scale */
#define TARGET_SHIFT 2u
#define TOLERANCE_SHIFT 5u /* a 32nd of the full scale */
/* Below 6 bits the tolerance is one unit; above 28 four full scales leave a word. */
#define LEAST_FRAC 6u
#define MOST_FRAC 28u
#define STANDARD_PULSE 0u

enum method { GUIDED, BLIND, DOUBLING, EXTRAPOLATED, BEST_PULSE, METHODS };

static const char *const method_names[METHODS] = {"guided", "blind", "blind_doubling",
                                                  "blind_extrapolated", "blind_best_pulse"};
static struct totals totals[METHODS];

static int fail(const char *sentence, int32_t number) {
    put_text("fail ");
    put_text(sentence);
    put_char(' ');
    put_integer(number);
    put_char('\n');
    return 1;
}

/* Single pulses of every kind in turn, and of these the trial that is best in hindsight: what
   blind write-and-verify would do if it knew which kind of pulse to take. */
static struct trial best_single_pulses(const struct goal *goal, uint32_t candidates) {
    struct trial best = {0, 0u, 0u, 0u};
    for (uint32_t candidate = 0; candidate < candidates; candidate++) {
        memristor_reset();
        const struct trial trial = trial_of(program_by_single_pulses(goal, candidate), 0u);
        const bool reaches = is_reached(goal, &trial);
        const bool best_reaches = is_reached(goal, &best);
        if (candidate == 0u || (reaches && !best_reaches) ||
            (reaches == best_reaches && trial.pulses < best.pulses)) {
            best = trial;
        }
    }
    return best;
}

/* All methods on the selected device. */
static int program_once(const struct predicted_device *device, const struct goal *goal,
                        uint32_t frac) {
    struct trial trial;
    int32_t current;
    uint32_t cycles;
    memristor_reset();
    const int status = program_by_model(device, goal, &current, &cycles);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    trial = trial_of(current, cycles);
    add_trial(&totals[GUIDED], goal, &trial, frac);
    memristor_reset();
    trial = trial_of(program_by_single_pulses(goal, STANDARD_PULSE), 0u);
    add_trial(&totals[BLIND], goal, &trial, frac);
    memristor_reset();
    trial = trial_of(program_by_doubling_bursts(goal, STANDARD_PULSE), 0u);
    add_trial(&totals[DOUBLING], goal, &trial, frac);
    memristor_reset();
    trial = trial_of(program_by_extrapolation(goal, STANDARD_PULSE), 0u);
    add_trial(&totals[EXTRAPOLATED], goal, &trial, frac);
    trial = best_single_pulses(goal, device->candidates);
    add_trial(&totals[BEST_PULSE], goal, &trial, frac);
    return PULSEWRIGHT_OK;
}

/* 0 if model and devices belong together. */
static int check_setup(const struct pulsewright *coprocessor, uint32_t devices,
                       uint32_t candidates, uint32_t pulses, uint32_t frac) {
    if (memristor_read(MEMRISTOR_IDENTITY) != MEMRISTOR_IDENTITY_WORD) {
        return fail("no simulated devices at", (int32_t)MEMRISTOR_BASE);
    }
    if (devices == 0u) {
        return fail("no device to program, devices", 0);
    }
    if (candidates == 0u || candidates > MOST_CANDIDATES) {
        return fail("candidate pulses are too many or none:", (int32_t)candidates);
    }
    if (frac < LEAST_FRAC || frac > MOST_FRAC || (int32_t)frac != coprocessor->result_frac) {
        return fail("model and devices differ in fractional bits, the devices have",
                    (int32_t)frac);
    }
    if (!coprocessor->sweep || coprocessor->sweep_input != 0u || coprocessor->results != 1u ||
        coprocessor->inputs != NETWORK_INPUTS || NETWORK_INPUTS != 1u + MEMRISTOR_PARAMETERS) {
        return fail("the model is no curve of pulse number and five parameters, inputs",
                    coprocessor->inputs);
    }
    if (pulses < 2u || pulses > 0x10000u || coprocessor->sweep_minimum != 0u ||
        coprocessor->sweep_maximum < pulses - 1u) {
        return fail("the model does not cover the pulses of a curve,", (int32_t)pulses);
    }
    return 0;
}

static int run(void) {
    static struct pulsewright coprocessor;
    static struct predicted_device device;
    const int status = pulsewright_probe(&coprocessor, COPROCESSOR_BASE);
    if (status != PULSEWRIGHT_OK) {
        return fail("the coprocessor is not as expected, status", status);
    }
    const uint32_t candidates = memristor_read(MEMRISTOR_CANDIDATES);
    const uint32_t pulses = memristor_read(MEMRISTOR_PULSES);
    const uint32_t frac = memristor_read(MEMRISTOR_FRAC);
    uint32_t devices = memristor_read(MEMRISTOR_DEVICES);
    devices = devices > DEVICES_LIMIT ? DEVICES_LIMIT : devices;
    devices = devices > MOST_TRIALS / TARGETS ? MOST_TRIALS / TARGETS : devices;
    if (check_setup(&coprocessor, devices, candidates, pulses, frac) != 0) {
        return 1;
    }
    device.coprocessor = &coprocessor;
    device.candidates = candidates;
    device.last = (uint16_t)(pulses - 1u);
    for (uint32_t number = 0; number < devices; number++) {
        memristor_select(number);
        describe_device(&device);
        for (int32_t target = 1; target <= (int32_t)TARGETS; target++) {
            const struct goal goal = {target << (frac - TARGET_SHIFT),
                                      (int32_t)1 << (frac - TOLERANCE_SHIFT)};
            const int failed = program_once(&device, &goal, frac);
            if (failed != PULSEWRIGHT_OK) {
                return fail("a job of the coprocessor, status", failed);
            }
        }
    }
    for (uint32_t method = 0; method < METHODS; method++) {
        put_totals(method_names[method], devices, &totals[method]);
    }
    return 0;
}

int main(void) {
    const int code = run();
    soc_exit(code);
    return code;
}
