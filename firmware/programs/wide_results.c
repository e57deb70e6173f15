/* SPDX-License-Identifier: Apache-2.0 */
/* Results that fill the word: a curve of differences, which would need a bit more, is refused by the
   driver, and the same curve without differences is right. */
#include "program.h"

#include "rows.h"

#define WORD_BITS 32u

int main(void) {
    struct pulsewright device;
    if (program_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    uint32_t wrong = device.result_width == WORD_BITS ? 0u : 1u;
    const uint16_t n0 = curve_n0[0];
    const uint16_t n1 = curve_n1[0];
    int status = pulsewright_curve_start(&device, curve_codes[0], n0, n1, true);
    put_text("measure wide_increments");
    put_field("status", status);
    put_field("expected", PULSEWRIGHT_UNSUPPORTED);
    put_char('\n');
    wrong += status != PULSEWRIGHT_UNSUPPORTED ? 1u : 0u;
    status = pulsewright_curve_start(&device, curve_codes[0], n0, n1, false);
    if (status != PULSEWRIGHT_OK) {
        program_complain("curve_start", status);
        return PROGRAM_FAILED;
    }
    const uint32_t values = ((uint32_t)n1 - n0 + 1u) * NETWORK_OUTPUTS;
    uint32_t mismatches = 0u;
    for (uint32_t i = 0; i < values; i++) {
        int32_t value = 0;
        status = pulsewright_curve_next(&device, &value);
        mismatches += status != PULSEWRIGHT_OK || value != curve_results[0][i] ? 1u : 0u;
    }
    wrong += program_report("wide_curve", values, mismatches);
    return wrong == 0u ? 0 : PROGRAM_FAILED;
}
