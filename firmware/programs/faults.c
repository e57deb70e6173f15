/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that can go wrong, forced: the driver names it, and afterwards all works again. */
#include "program.h"

#include "rows.h"

#define POLLS 200u

/* What the bench does to the coprocessor on its bus, by a write to SOC_FAULT. */
enum fault {
    FAULT_NONE = 0,
    FAULT_BUS_ERROR = 1,     /* every access is answered with a bus error */
    FAULT_NO_IDENTITY = 2,   /* IDENTITY reads 0 */
    FAULT_VERSION = 3,       /* VERSION reads as the next major version */
    FAULT_BUSY = 4,          /* STATUS reads as busy for ever */
    FAULT_NO_ANSWER = 5,     /* accesses are answered by the interconnect's watchdog alone */
    FAULT_OTHER_NETWORK = 6  /* INPUT_CAPABILITY has one input more */
};

/* PicoRV32 has no bus errors: what is not there reads as all ones. */
#ifdef SOC_CORE_PICORV32
#define ABSENT PULSEWRIGHT_NO_DEVICE
#define LOST PULSEWRIGHT_TIMEOUT
#else
#define ABSENT PULSEWRIGHT_BUS_ERROR
#define LOST PULSEWRIGHT_BUS_ERROR
#endif

static struct pulsewright device;
static int failed;

static void check(const char *name, int status, int expected) {
    put_text("measure fault_");
    put_text(name);
    put_field("status", status);
    put_field("expected", expected);
    put_text("\nnote ");
    put_text(pulsewright_text(status));
    put_char('\n');
    failed |= status != expected;
}

/* The first row, without trust in the hardware: what it gives, or CORRUPTED for wrong results. */
static int infer_first(void) {
    int32_t results[NETWORK_OUTPUTS];
    const int status = pulsewright_infer_within(&device, row_codes[0], results, POLLS);
    for (uint32_t i = 0; status == PULSEWRIGHT_OK && i < NETWORK_OUTPUTS; i++) {
        if (results[i] != row_results[0][i]) {
            return PULSEWRIGHT_CORRUPTED;
        }
    }
    return status;
}

#ifdef SOC_BUS

static int probe_under(enum fault fault) {
    struct pulsewright other;
    SOC_FAULT = (uint32_t)fault;
    int status = pulsewright_probe(&other, SOC_COPROCESSOR_BASE);
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_expect(&other, NETWORK_INPUTS, NETWORK_OUTPUTS, NETWORK_DIGEST);
    }
    SOC_FAULT = (uint32_t)FAULT_NONE;
    return status;
}

static int infer_under(enum fault fault) {
    SOC_FAULT = (uint32_t)fault;
    const int status = infer_first();
    SOC_FAULT = (uint32_t)FAULT_NONE;
    (void)soc_bus_errors();
    pulsewright_soft_clear(&device);
    return status;
}

static void hardware_faults(void) {
    check("probe_bus_error", probe_under(FAULT_BUS_ERROR), ABSENT);
    check("probe_no_identity", probe_under(FAULT_NO_IDENTITY), PULSEWRIGHT_NO_DEVICE);
    check("probe_version", probe_under(FAULT_VERSION), PULSEWRIGHT_WRONG_VERSION);
    check("probe_no_answer", probe_under(FAULT_NO_ANSWER), ABSENT);
    check("probe_other_network", probe_under(FAULT_OTHER_NETWORK), PULSEWRIGHT_MISMATCH);
    check("infer_bus_error", infer_under(FAULT_BUS_ERROR), LOST);
    check("infer_recovered_bus_error", infer_first(), PULSEWRIGHT_OK);
    check("infer_no_answer", infer_under(FAULT_NO_ANSWER), LOST);
    check("infer_recovered_no_answer", infer_first(), PULSEWRIGHT_OK);
    check("infer_busy", infer_under(FAULT_BUSY), PULSEWRIGHT_TIMEOUT);
    check("infer_recovered_busy", infer_first(), PULSEWRIGHT_OK);
#ifdef NETWORK_PULSE_INPUT
    uint16_t reached;
    SOC_FAULT = (uint32_t)FAULT_BUSY;
    check("reach_busy",
          pulsewright_reach(&device, row_codes[0], device.sweep_minimum, device.sweep_maximum, 0,
                            &reached),
          PULSEWRIGHT_TIMEOUT);
    SOC_FAULT = (uint32_t)FAULT_NONE;
    check("reach_recovered_busy", infer_first(), PULSEWRIGHT_OK);
#endif
    (void)soc_bus_errors();
    const uint32_t nothing = SOC_WORD(SOC_COPROCESSOR_ADDRESS + 0x5C);
    (void)nothing;
#ifndef SOC_CORE_PICORV32
    check("empty_address", soc_bus_errors() == 1u ? PULSEWRIGHT_BUS_ERROR : PULSEWRIGHT_OK,
          PULSEWRIGHT_BUS_ERROR);
#endif
}

#endif

#ifdef NETWORK_PULSE_INPUT

static void bad_sweeps(void) {
    const uint16_t n0 = device.sweep_minimum;
    const uint16_t n1 = device.sweep_maximum;
    const int16_t *const codes = row_codes[0];
    uint16_t reached;
    int32_t result;
    check("reach_out_of_reach",
          pulsewright_reach(&device, codes, n0, n1, INT32_MAX, &reached),
          PULSEWRIGHT_NOT_REACHED);
    check("reach_n1_below_n0", pulsewright_reach(&device, codes, n1, n0, 0, &reached),
          PULSEWRIGHT_OUT_OF_RANGE);
    check("curve_n1_too_large",
          pulsewright_curve_start(&device, codes, n0, (uint16_t)(n1 + 1u), false),
          PULSEWRIGHT_OUT_OF_RANGE);
    check("curve_next_without_curve", pulsewright_curve_next(&device, &result), PULSEWRIGHT_END);
    check("curve_start", pulsewright_curve_start(&device, codes, n0, n1, false), PULSEWRIGHT_OK);
    check("infer_within_curve", infer_first(), PULSEWRIGHT_BUSY);
    pulsewright_soft_clear(&device);
    check("infer_after_soft_clear", infer_first(), PULSEWRIGHT_OK);
}

#endif

#ifdef NETWORK_WEIGHT_WORDS

static void bad_weights(void) {
    struct pulsewright_layer layer;
    if (!device.reloadable) {
        return;
    }
    const int status = pulsewright_describe_layer(&device, 0u, &layer);
    check("weights_described", status, PULSEWRIGHT_OK);
    if (layer.weight_width > 1u) { /* of one bit there is no weight but 0 */
        const uint32_t held = pulsewright_read(&device, layer.weights);
        /* Another weight that the hardware stores: 0 for any, 1 for 0. */
        pulsewright_write(&device, layer.weights,
                          (held & 0xFFu) != 0u ? held & ~0xFFu : held | 1u);
        check("weights_corrupted",
              pulsewright_verify_weights(&device, network_weights, NETWORK_WEIGHT_WORDS),
              PULSEWRIGHT_CORRUPTED);
    }
    check("weights_incomplete",
          pulsewright_load_weights(&device, network_weights, NETWORK_WEIGHT_WORDS - 1u),
          PULSEWRIGHT_OUT_OF_RANGE);
    check("weights_loaded",
          pulsewright_load_weights(&device, network_weights, NETWORK_WEIGHT_WORDS),
          PULSEWRIGHT_OK);
    check("weights_verified",
          pulsewright_verify_weights(&device, network_weights, NETWORK_WEIGHT_WORDS),
          PULSEWRIGHT_OK);
}

#endif

int main(void) {
    if (program_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    int16_t codes[NETWORK_INPUTS];
    int32_t results[NETWORK_OUTPUTS];
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        codes[i] = INT16_MAX;
    }
    check("none", infer_first(), PULSEWRIGHT_OK);
    if (device.input_width < (device.input_unsigned ? 15u : 16u)) {
        check("codes_out_of_range", pulsewright_infer(&device, codes, results),
              PULSEWRIGHT_OUT_OF_RANGE);
    }
    check("other_digest",
          pulsewright_expect(&device, NETWORK_INPUTS, NETWORK_OUTPUTS, NETWORK_DIGEST ^ 0x100u),
          PULSEWRIGHT_MISMATCH);
    check("other_results",
          pulsewright_expect(&device, NETWORK_INPUTS, NETWORK_OUTPUTS + 1, NETWORK_DIGEST),
          PULSEWRIGHT_MISMATCH);
    check("commit_of_nothing", pulsewright_commit(&device), PULSEWRIGHT_NOT_ACQUIRED);
#ifdef NETWORK_PULSE_INPUT
    bad_sweeps();
#endif
#ifdef NETWORK_WEIGHT_WORDS
    bad_weights();
#endif
#ifdef SOC_BUS
    hardware_faults();
#endif
    check("none_at_the_end", infer_first(), PULSEWRIGHT_OK);
    return failed ? PROGRAM_FAILED : 0;
}
