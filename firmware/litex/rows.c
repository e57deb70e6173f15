/* SPDX-License-Identifier: Apache-2.0 */
/* On a LiteX SoC: rows and curves of the coprocessor against the integer model, by waiting on the
   bus and by interrupt. Ends with the character EOT. */
#include <stdio.h>

#include <generated/mem.h>
#include <generated/soc.h>
#include <irq.h>
#include <libbase/uart.h>

#include "pulsewright.h"
#include "rows.h"

#define END_OF_TRANSMISSION 4
#define BEYOND_THE_REGISTERS 0xFFCu
#define RESULTS (sizeof row_results[0] / sizeof row_results[0][0])

int main(void);

static struct pulsewright device;
static volatile uint32_t interrupts;

static uint32_t report(const char *what, uint32_t count, uint32_t wrong) {
    printf("check %s %d %d\n", what, (int)count, (int)wrong);
    return wrong;
}

static uint32_t differs(const int32_t *results, const int32_t *expected) {
    for (uint32_t i = 0; i < RESULTS; i++) {
        if (results[i] != expected[i]) {
            return 1u;
        }
    }
    return 0u;
}

static uint32_t waited_rows(void) {
    uint32_t wrong = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[RESULTS];
        const int status = pulsewright_infer(&device, row_codes[row], results);
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    return report("rows", ROWS, wrong);
}

static void job_ended(void) {
    pulsewright_write(&device, PULSEWRIGHT_INTERRUPT_PENDING, PULSEWRIGHT_JOB_ENDED);
    /* Read back, so that the level is low before the core looks at it again. */
    (void)pulsewright_read(&device, PULSEWRIGHT_INTERRUPT_PENDING);
    interrupts++;
}

static uint32_t interrupt_rows(void) {
    uint32_t wrong = 0u;
    pulsewright_write(&device, PULSEWRIGHT_INTERRUPT_PENDING, PULSEWRIGHT_JOB_ENDED);
    pulsewright_write(&device, PULSEWRIGHT_INTERRUPT_ENABLE, PULSEWRIGHT_JOB_ENDED);
    irq_attach(PULSEWRIGHT_INTERRUPT, job_ended);
    irq_setmask(irq_getmask() | 1u << PULSEWRIGHT_INTERRUPT);
    for (uint32_t row = 0; row < ROWS; row++) {
        int32_t results[RESULTS];
        const uint32_t before = interrupts;
        int status = pulsewright_infer_start(&device, row_codes[row]);
        while (status == PULSEWRIGHT_OK && interrupts == before) {
        }
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_infer_results(&device, results);
        }
        wrong += status != PULSEWRIGHT_OK || differs(results, row_results[row]) ? 1u : 0u;
    }
    irq_setmask(irq_getmask() & ~(1u << PULSEWRIGHT_INTERRUPT));
    pulsewright_write(&device, PULSEWRIGHT_INTERRUPT_ENABLE, 0u);
    report("interrupts", interrupts, interrupts > ROWS ? interrupts - ROWS : ROWS - interrupts);
    wrong += interrupts == ROWS ? 0u : 1u;
    return report("rows_by_interrupt", ROWS, wrong);
}

static uint32_t curves(void) {
    uint32_t wrong = 0u;
    uint32_t count = 0u;
    for (uint32_t curve = 0; curve < CURVES; curve++) {
        int status = pulsewright_curve_start(&device, curve_codes[curve], curve_n0[curve],
                                             curve_n1[curve], false);
        for (uint32_t i = 0; status == PULSEWRIGHT_OK; i++) {
            int32_t result;
            status = pulsewright_curve_next(&device, &result);
            if (status == PULSEWRIGHT_OK) {
                wrong += result != curve_results[curve][i] ? 1u : 0u;
                count++;
            }
        }
        wrong += status == PULSEWRIGHT_END ? 0u : 1u;
    }
    return report("curves", count, wrong);
}

/* It reads 0, whether the core sees the error or not, and is pending afterwards. */
static uint32_t refused_read(void) {
    pulsewright_write(&device, PULSEWRIGHT_INTERRUPT_PENDING, PULSEWRIGHT_ACCESS_REFUSED);
    const uint32_t word = pulsewright_read(&device, BEYOND_THE_REGISTERS);
    const uint32_t pending = pulsewright_read(&device, PULSEWRIGHT_INTERRUPT_PENDING);
    const bool told = (pending & PULSEWRIGHT_ACCESS_REFUSED) != 0u;
    return report("refused", 1u, word == 0u && told ? 0u : 1u);
}

int main(void) {
    irq_setmask(0);
    irq_setie(1);
    uart_init();
    const int status = pulsewright_probe(&device, PULSEWRIGHT_BASE);
    uint32_t wrong = report("probe", 1u, status != PULSEWRIGHT_OK ? 1u : 0u);
    if (status == PULSEWRIGHT_OK && device.results == RESULTS) {
        wrong += waited_rows() + interrupt_rows() + curves() + refused_read();
    }
    printf("%s\n%c", wrong == 0u ? "PASS" : "FAIL", END_OF_TRANSMISSION);
    uart_sync();
    for (;;) {
    }
}
