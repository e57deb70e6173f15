/* SPDX-License-Identifier: Apache-2.0 */
/* All rows through windows of inputs and results in every way that their driver has, against the
   integer model, and the cycles of a row. */
#include "soc_driver.h"

/* With the hooks of this SoC. */
#include "pulsewright_windowed.c"

#include "windowed_rows.h"

/* See rtl/package/weight_header.py. */
#if __has_include("network_weights.h")
#include "network_weights.h"
#endif

#define FAILED 1
#define POLLS 100000u

static struct pulsewright_windowed windowed;
static int32_t results[ROWS][OUTPUTS];

/* All rows if a call ended otherwise than well. What is compared next comes anew. */
static uint32_t differing_rows(int status) {
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t different = status == PULSEWRIGHT_OK ? 0u : 1u;
        for (uint32_t i = 0; i < OUTPUTS; i++) {
            different |= results[row][i] != row_results[row][i] ? 1u : 0u;
            results[row][i] = 0;
        }
        wrong += different;
    }
    return wrong;
}

/* What a measurement began with, and then what it took. */
struct measured {
    uint32_t cycles;
    uint32_t accesses; /* of RAM */
};

static struct measured begun(void) {
    const struct measured now = {soc_cycle(), soc_accesses()};
    return now;
}

static struct measured since(struct measured begin) {
    const struct measured taken = {soc_cycle() - begin.cycles, soc_accesses() - begin.accesses};
    return taken;
}

static uint32_t report(const char *name, uint32_t wrong, struct measured taken) {
    put_text("measure windowed_");
    put_text(name);
    put_char(' ');
    put_unsigned(ROWS);
    put_field("mismatches", (int32_t)wrong);
    put_field("cycles", (int32_t)taken.cycles);
    put_field("accesses", (int32_t)taken.accesses);
    put_char('\n');
    return wrong;
}

/* One after the other. */
static uint32_t single_rows(void) {
    int status = PULSEWRIGHT_OK;
    const struct measured begin = begun();
    for (uint32_t row = 0; row < ROWS && status == PULSEWRIGHT_OK; row++) {
        status = pulsewright_windowed_infer(&windowed, row_codes[row], results[row]);
    }
    const struct measured taken = since(begin);
    return report("single", differing_rows(status), taken);
}

/* In one call, which stores vectors and loads results while others are computed. */
static uint32_t streamed_rows(void) {
    const struct measured begin = begun();
    const int status = pulsewright_windowed_stream(&windowed, row_codes[0], ROWS, results[0]);
    const struct measured taken = since(begin);
    return report("streamed", differing_rows(status), taken);
}

/* The same of words that are packed before. */
static uint32_t packed_rows(void) {
    const struct measured begin = begun();
    const int status =
        pulsewright_windowed_stream_packed(&windowed, row_words[0], ROWS, results[0]);
    const struct measured taken = since(begin);
    return report("packed", differing_rows(status), taken);
}

/* The driver's own packing has the words of the integer model. */
static uint32_t words_of_rows(void) {
    uint32_t wrong = 0u;
    const struct measured begin = begun();
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t words[INPUT_WORDS];
        uint32_t different =
            pulsewright_windowed_pack(&windowed, row_codes[row], words) == PULSEWRIGHT_OK ? 0u : 1u;
        for (uint32_t i = 0; i < INPUT_WORDS; i++) {
            different |= words[i] != row_words[row][i] ? 1u : 0u;
        }
        wrong += different;
    }
    return report("words", wrong, since(begin));
}

/* By looks at STATUS, and asleep until the interrupt of a job's end. */
static uint32_t waited_rows(const char *name, bool sleeps) {
    int status = PULSEWRIGHT_OK;
    pulsewright_enable_interrupts(&windowed.device, sleeps ? PULSEWRIGHT_JOB_ENDED : 0u);
    soc_wait_by_interrupt(sleeps);
    const struct measured begin = begun();
    for (uint32_t row = 0; row < ROWS && status == PULSEWRIGHT_OK; row++) {
        status = pulsewright_windowed_start(&windowed, row_codes[row]);
        if (status == PULSEWRIGHT_OK && sleeps) {
            status = pulsewright_wait(&windowed.device, POLLS);
        }
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_windowed_results_within(&windowed, results[row], POLLS);
        }
    }
    const struct measured taken = since(begin);
    soc_wait_by_interrupt(false);
    pulsewright_enable_interrupts(&windowed.device, 0u);
    return report(name, differing_rows(status), taken);
}

static int begin_windows(void) {
    struct pulsewright *const device = &windowed.device;
    /* Of another version of the map. */
    if (pulsewright_probe(device, SOC_COPROCESSOR_BASE) != PULSEWRIGHT_WRONG_VERSION) {
        put_fail("pulsewright_probe takes windows for registers");
        return FAILED;
    }
    int status = pulsewright_windowed_probe(&windowed, SOC_COPROCESSOR_BASE);
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_expect(device, INPUTS, OUTPUTS, NETWORK_DIGEST);
    }
#ifdef NETWORK_WEIGHT_WORDS
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_load_weights(device, network_weights, NETWORK_WEIGHT_WORDS);
    }
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_verify_weights(device, network_weights, NETWORK_WEIGHT_WORDS);
    }
#endif
    if (status != PULSEWRIGHT_OK) {
        put_fail(pulsewright_text(status));
    }
    return status;
}

int main(void) {
    if (begin_windows() != PULSEWRIGHT_OK) {
        return FAILED;
    }
    uint32_t wrong = words_of_rows() + single_rows() + streamed_rows() + packed_rows();
    wrong += waited_rows("polled", false) + waited_rows("asleep", true);
    put_text("measure job");
    put_field("cycles", (int32_t)pulsewright_cycles(&windowed.device));
    put_char('\n');
    return wrong == 0u ? 0 : FAILED;
}
