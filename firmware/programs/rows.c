/* SPDX-License-Identifier: Apache-2.0 */
/* All rows and curves in every way that the driver has, against the integer model. */
#include "program.h"

#include "mlp.h"
#include "rows.h"

#define POLLS 2000u

static struct pulsewright device;

static uint32_t differs(const int32_t *results, const int32_t *expected) {
    for (uint32_t i = 0; i < NETWORK_OUTPUTS; i++) {
        if (results[i] != expected[i]) {
            return 1u;
        }
    }
    return 0u;
}

/* From physical integers: scaling, then inference. */
static uint32_t physical_rows(void) {
    uint32_t wrong_codes = 0u;
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        int16_t codes[NETWORK_INPUTS];
        int32_t results[NETWORK_OUTPUTS];
        bool same = true;
        network_codes(row_physical[row], codes);
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            same = same && codes[i] == row_codes[row][i];
        }
        wrong_codes += same ? 0u : 1u;
        const int status = pulsewright_infer(&device, codes, results);
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    wrong = program_report("codes", ROWS, wrong_codes) + program_report("rows", ROWS, wrong);
    return wrong;
}

#ifdef SOC_INPUT_MAP

/* The same with the input map in hardware, and then of every input alone what the row before had
   otherwise. */
static uint32_t rows_of_units(void) {
    uint32_t wrong = pulsewright_maps_inputs(&device) ? 0u : 1u;
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[NETWORK_OUTPUTS];
        const int status = pulsewright_infer_physical(&device, row_physical[row], results);
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    for (uint32_t row = 1; row < ROWS; row++) {
        for (uint32_t i = 0; i + 1u < NETWORK_INPUTS; i++) {
            pulsewright_put_physical(&device, i, row_physical[row][i]);
        }
        const int32_t last = row_physical[row][NETWORK_INPUTS - 1];
        const int32_t result = pulsewright_infer_changed(&device, NETWORK_INPUTS - 1, last);
        wrong += result != row_results[row][0] ? 1u : 0u;
    }
    return program_report("rows_of_units", 2u * ROWS - 1u, wrong);
}

#endif

static uint32_t packed_rows(void) {
    uint32_t wrong = pulsewright_packed_begin(&device) == PULSEWRIGHT_OK ? 0u : ROWS;
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t words[NETWORK_INPUT_WORDS];
        bool same = pulsewright_pack(&device, row_codes[row], words) == PULSEWRIGHT_OK;
        for (uint32_t i = 0; i < NETWORK_INPUT_WORDS; i++) {
            same = same && words[i] == row_words[row][i];
        }
        same = same && program_infer(&device, words) == row_results[row][0];
        wrong += same ? 0u : 1u;
    }
    return program_report("rows_packed", ROWS, wrong);
}

/* Each begins while the one before is computed; nothing to do where there are no jobs. */
static uint32_t streamed_rows(void) {
    if (pulsewright_stream_begin(&device) == PULSEWRIGHT_UNSUPPORTED) {
        return 0u;
    }
    uint32_t wrong = 0u;
    pulsewright_put_packed(&device, row_words[0], NETWORK_INPUT_WORDS);
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[NETWORK_OUTPUTS];
        if (row + 1u < ROWS) {
            pulsewright_put_packed(&device, row_words[row + 1u], NETWORK_INPUT_WORDS);
        }
        for (uint32_t i = 0; i < NETWORK_OUTPUTS; i++) {
            results[i] = pulsewright_take_result(&device);
        }
        wrong += differs(results, row_results[row]) ? 1u : 0u;
    }
    return program_report("rows_streamed", ROWS, wrong);
}

static uint32_t polled_rows(void) {
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[NETWORK_OUTPUTS];
        const int status = pulsewright_infer_within(&device, row_codes[row], results, POLLS);
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    return program_report("rows_by_polling", ROWS, wrong);
}

static void sleep_in_waits(bool enable) {
    pulsewright_enable_interrupts(&device, enable ? PULSEWRIGHT_JOB_ENDED : 0u);
    soc_wait_by_interrupt(enable);
}

/* The core sleeps until the interrupt, where it has interrupts. */
static uint32_t sleeping_rows(void) {
    uint32_t wrong = 0u;
    sleep_in_waits(true);
    const uint32_t before = pulsewright_completed_jobs(&device);
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[NETWORK_OUTPUTS];
        int status = pulsewright_infer_start(&device, row_codes[row]);
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_wait(&device, POLLS);
        }
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_infer_results(&device, results);
        }
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    const uint32_t jobs = pulsewright_completed_jobs(&device) - before;
    sleep_in_waits(false);
    (void)program_report("jobs", jobs, jobs > ROWS ? jobs - ROWS : ROWS - jobs);
    put_text("measure sleeps");
    put_field("count", (int32_t)soc_sleep_count);
    put_char('\n');
    wrong += jobs == ROWS ? 0u : 1u;
    return program_report("rows_by_sleep", ROWS, wrong);
}

#if defined(NETWORK_PULSE_INPUT) && CURVES > 0

static uint32_t length_of(uint32_t curve) {
    return (uint32_t)curve_n1[curve] - curve_n0[curve] + 1u;
}

static uint32_t stepped_curves(void) {
    uint32_t wrong = 0u;
    uint32_t count = 0u;
    for (uint32_t curve = 0; curve < CURVES; curve++) {
        struct pulsewright_steps steps;
        uint32_t words[NETWORK_INPUT_WORDS];
        int status = pulsewright_pack(&device, curve_codes[curve], words);
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_steps_begin(&device, words, &steps);
        }
        if (status != PULSEWRIGHT_OK) {
            program_complain("steps", status);
            return 1u;
        }
        (void)program_infer(&device, words);
        for (uint32_t i = 0; i < length_of(curve); i++, count++) {
            const int32_t code = MLP_PULSE_CODE(curve_n0[curve] + i);
            const int32_t result = program_step(&device, &steps, code);
            wrong += result != curve_results[curve][i * NETWORK_OUTPUTS] ? 1u : 0u;
        }
    }
    return program_report("steps", count, wrong);
}

enum curve_kind { BLOCKING, AT_ONCE, POLLING };

static int start_curve(uint32_t curve, bool increments, bool of_units) {
    const uint16_t n0 = curve_n0[curve];
    const uint16_t n1 = curve_n1[curve];
    return of_units ? pulsewright_curve_start_physical(&device, curve_physical[curve], n0, n1,
                                                       increments)
                    : pulsewright_curve_start(&device, curve_codes[curve], n0, n1, increments);
}

static uint32_t job_curves(const char *name, bool increments, enum curve_kind kind,
                           bool of_units) {
    static int32_t results[CURVE_LENGTH * NETWORK_OUTPUTS];
    uint32_t wrong = 0u;
    uint32_t count = 0u;
    for (uint32_t curve = 0; curve < CURVES; curve++) {
        const uint32_t values = length_of(curve) * NETWORK_OUTPUTS;
        int status = start_curve(curve, increments, of_units);
        if (kind == AT_ONCE && status == PULSEWRIGHT_OK) {
            status = pulsewright_curve_read(&device, results, values);
        }
        for (uint32_t i = 0; i < values && kind != AT_ONCE && status == PULSEWRIGHT_OK; i++) {
            status = kind == POLLING ? pulsewright_curve_next_within(&device, &results[i], POLLS)
                                     : pulsewright_curve_next(&device, &results[i]);
        }
        int32_t none;
        if (status != PULSEWRIGHT_OK) {
            program_complain(name, status);
            return 1u;
        }
        wrong += pulsewright_curve_next(&device, &none) == PULSEWRIGHT_END ? 0u : 1u;
        for (uint32_t i = 0; i < values; i++, count++) {
            if (increments && i >= NETWORK_OUTPUTS) {
                results[i] += results[i - NETWORK_OUTPUTS];
            }
            wrong += results[i] != curve_results[curve][i] ? 1u : 0u;
        }
    }
    return program_report(name, count, wrong);
}

static int start_reach(uint32_t curve, int32_t target, bool of_units) {
    const uint16_t n0 = curve_n0[curve];
    const uint16_t n1 = curve_n1[curve];
    return of_units ? pulsewright_reach_start_physical(&device, curve_physical[curve], n0, n1,
                                                       target)
                    : pulsewright_reach_start(&device, curve_codes[curve], n0, n1, target);
}

/* The first pulse number that reaches each of some targets; by a job in one go, and asleep. */
static uint32_t reached_targets(const char *name, bool of_units) {
    uint32_t wrong = 0u;
    uint32_t count = 0u;
    for (uint32_t curve = 0; curve < CURVES; curve++) {
        const int32_t *const expected = curve_results[curve];
        const uint16_t n0 = curve_n0[curve];
        const uint16_t n1 = curve_n1[curve];
        int32_t largest = expected[0];
        for (uint32_t i = 0; i < length_of(curve); i++) {
            const int32_t result = expected[i * NETWORK_OUTPUTS];
            largest = result > largest ? result : largest;
        }
        for (uint32_t i = 0; i < length_of(curve); i += 13u, count += 2u) {
            const int32_t target = expected[i * NETWORK_OUTPUTS];
            uint32_t first = 0u;
            uint16_t reached = 0u;
            while (expected[first * NETWORK_OUTPUTS] < target) {
                first++;
            }
            int status =
                pulsewright_reach(&device, curve_codes[curve], n0, n1, target, &reached);
            wrong += status != PULSEWRIGHT_OK || reached != n0 + first ? 1u : 0u;
            reached = 0u;
            sleep_in_waits(true);
            status = start_reach(curve, target, of_units);
            if (status == PULSEWRIGHT_OK) {
                status = pulsewright_wait(&device, POLLS);
            }
            sleep_in_waits(false);
            if (status == PULSEWRIGHT_OK) {
                status = pulsewright_reach_result(&device, &reached);
            }
            wrong += status != PULSEWRIGHT_OK || reached != n0 + first ? 1u : 0u;
        }
        uint16_t reached;
        const int status =
            pulsewright_reach(&device, curve_codes[curve], n0, n1, largest + 1, &reached);
        wrong += status != PULSEWRIGHT_NOT_REACHED ? 1u : 0u;
        count++;
    }
    return program_report(name, count, wrong);
}

#endif

int main(void) {
    if (program_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    uint32_t wrong = physical_rows() + packed_rows() + streamed_rows();
    wrong += polled_rows() + sleeping_rows();
#ifdef SOC_INPUT_MAP
    wrong += rows_of_units();
#endif
#if defined(NETWORK_PULSE_INPUT) && CURVES > 0
    wrong += stepped_curves();
    wrong += job_curves("curves", false, BLOCKING, false);
    wrong += job_curves("curves_at_once", false, AT_ONCE, false);
    wrong += job_curves("curves_by_polling", false, POLLING, false);
    wrong += job_curves("curves_of_increments", true, BLOCKING, false);
    wrong += reached_targets("reach", false);
#ifdef SOC_INPUT_MAP
    wrong += job_curves("curves_of_units", false, AT_ONCE, true);
    wrong += job_curves("increments_of_units", true, BLOCKING, true);
    wrong += reached_targets("reach_of_units", true);
#endif
    wrong += packed_rows(); /* after other jobs */
#endif
    return wrong == 0u ? 0 : PROGRAM_FAILED;
}
