/* SPDX-License-Identifier: Apache-2.0 */
/* The core restarts while a curve streams, and the coprocessor does not: nothing that was left from
   before is taken for a result, and a soft clear makes all well. */
#include "program.h"

#include "rows.h"

static uint32_t wrong;

static void check(const char *what, int status, int expected) {
    put_text("measure warm_");
    put_text(what);
    put_field("status", status);
    put_field("expected", expected);
    put_char('\n');
    wrong += status != expected ? 1u : 0u;
}

/* The first row, or CORRUPTED for results that are not its own. */
static int infer_first(struct pulsewright *device) {
    int32_t results[NETWORK_OUTPUTS] = {0};
    const int status = pulsewright_infer(device, row_codes[0], results);
    for (uint32_t i = 0; status == PULSEWRIGHT_OK && i < NETWORK_OUTPUTS; i++) {
        if (results[i] != row_results[0][i]) {
            return PULSEWRIGHT_CORRUPTED;
        }
    }
    return status;
}

#ifdef NETWORK_PULSE_INPUT

/* A new life, in which nothing of RAM survived: the handle is made again. */
static void new_life(struct pulsewright *device, const char *probe, const char *infer,
                     const char *cleared) {
    int32_t value = 0;
    check(probe, pulsewright_probe(device, SOC_COPROCESSOR_BASE), PULSEWRIGHT_BUSY);
    check(infer, infer_first(device), PULSEWRIGHT_BUSY);
    wrong += pulsewright_curve_next(device, &value) == PULSEWRIGHT_END ? 0u : 1u;
    pulsewright_soft_clear(device);
    check(cleared, infer_first(device), PULSEWRIGHT_OK);
    wrong += pulsewright_probe(device, SOC_COPROCESSOR_BASE) == PULSEWRIGHT_OK ? 0u : 1u;
}

static void restarts(struct pulsewright *device) {
    int32_t value;
    const uint16_t n0 = device->sweep_minimum;
    const uint16_t n1 = device->sweep_maximum;
    check("curve_start", pulsewright_curve_start(device, row_codes[0], n0, n1, false),
          PULSEWRIGHT_OK);
    check("curve_next", pulsewright_curve_next(device, &value), PULSEWRIGHT_OK);
    new_life(device, "probe_within_curve", "infer_within_curve", "infer_after_curve");
    /* A curve that ended: only its last results are left. */
    check("short_curve_start", pulsewright_curve_start(device, row_codes[0], n0, n0, false),
          PULSEWRIGHT_OK);
    check("short_curve_wait", pulsewright_wait(device, PULSEWRIGHT_POLLS), PULSEWRIGHT_OK);
    new_life(device, "probe_with_results", "infer_with_results", "infer_after_results");
    check("acquire", pulsewright_acquire(device) < 0, 0);
    new_life(device, "probe_with_acquired_job", "infer_with_acquired_job",
             "infer_after_acquired_job");
}

#endif

int main(void) {
    struct pulsewright device;
    if (program_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    check("infer_cold", infer_first(&device), PULSEWRIGHT_OK);
#ifdef NETWORK_PULSE_INPUT
    restarts(&device);
#endif
    const int misaligned = pulsewright_probe(&device, SOC_COPROCESSOR_BASE + 0x100u);
    check("probe_misaligned", misaligned, PULSEWRIGHT_MISALIGNED);
    return wrong == 0u ? 0 : PROGRAM_FAILED;
}
