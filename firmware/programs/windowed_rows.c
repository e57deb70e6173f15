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

static uint32_t differs(int status, uint32_t row) {
    uint32_t different = status == PULSEWRIGHT_OK ? 0u : 1u;
    for (uint32_t i = 0; i < OUTPUTS; i++) {
        different |= results[row][i] != row_results[row][i] ? 1u : 0u;
        results[row][i] = 0; /* what is compared next comes anew */
    }
    return different;
}

static uint32_t differing_rows(int status) {
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        wrong += differs(status, row);
    }
    return wrong;
}

static uint32_t report(const char *name, uint32_t wrong, uint32_t cycles) {
    put_text("measure ");
    put_text(name);
    put_char(' ');
    put_unsigned(ROWS);
    put_field("mismatches", (int32_t)wrong);
    put_field("cycles", (int32_t)cycles);
    put_char('\n');
    return wrong;
}

/* One after the other. */
static uint32_t single_rows(void) {
    uint32_t wrong = 0u;
    const uint32_t begun = soc_cycle();
    for (uint32_t row = 0; row < ROWS; row++) {
        wrong += differs(pulsewright_windowed_infer(&windowed, row_codes[row], results[row]), row);
    }
    return report("rows", wrong, soc_cycle() - begun);
}

/* In one call, which stores vectors and loads results while others are computed. */
static uint32_t streamed_rows(void) {
    const uint32_t begun = soc_cycle();
    const int status = pulsewright_windowed_stream(&windowed, row_codes[0], ROWS, results[0]);
    const uint32_t cycles = soc_cycle() - begun;
    return report("streamed", differing_rows(status), cycles);
}

/* The same of words that are packed before. */
static uint32_t packed_rows(void) {
    const uint32_t begun = soc_cycle();
    const int status =
        pulsewright_windowed_stream_packed(&windowed, row_words[0], ROWS, results[0]);
    const uint32_t cycles = soc_cycle() - begun;
    return report("packed", differing_rows(status), cycles);
}

/* The driver's own packing has the words of the integer model. */
static uint32_t words_of_rows(void) {
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t words[INPUT_WORDS];
        uint32_t different =
            pulsewright_windowed_pack(&windowed, row_codes[row], words) == PULSEWRIGHT_OK ? 0u : 1u;
        for (uint32_t i = 0; i < INPUT_WORDS; i++) {
            different |= words[i] != row_words[row][i] ? 1u : 0u;
        }
        wrong += different;
    }
    return report("words", wrong, 0u);
}

/* By looks at STATUS, and asleep until the interrupt of a job's end. */
static uint32_t waited_rows(const char *name, bool sleeps) {
    uint32_t wrong = 0u;
    pulsewright_enable_interrupts(&windowed.device, sleeps ? PULSEWRIGHT_JOB_ENDED : 0u);
    soc_wait_by_interrupt(sleeps);
    const uint32_t begun = soc_cycle();
    for (uint32_t row = 0; row < ROWS; row++) {
        int status = pulsewright_windowed_start(&windowed, row_codes[row]);
        if (status == PULSEWRIGHT_OK && sleeps) {
            status = pulsewright_wait(&windowed.device, POLLS);
        }
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_windowed_results_within(&windowed, results[row], POLLS);
        }
        wrong += differs(status, row);
    }
    const uint32_t cycles = soc_cycle() - begun;
    soc_wait_by_interrupt(false);
    pulsewright_enable_interrupts(&windowed.device, 0u);
    return report(name, wrong, cycles);
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
