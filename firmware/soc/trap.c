/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traps of Ibex and CV32E40X.
 *
 * A bus error of a load or store is a precise exception on Ibex: the access is skipped, and a load
 * gives 0. On CV32E40X it is a non-maskable interrupt after the access has retired: nothing is to
 * be skipped, and the register of a load holds what was on the bus. The core calls it
 * unrecoverable because it overwrites mepc, which matters within a handler alone; the handler
 * makes no access that can fail.
 */
#include "soc.h"

#include "load_register.h"

volatile uint32_t soc_bus_error_count;
volatile uint32_t soc_sleep_count;
volatile bool soc_waits_by_interrupt;
void (*soc_on_interrupt)(void);

#ifndef SOC_CORE_PICORV32

#define INTERRUPT 0x80000000u
#define LOAD_ACCESS_FAULT 5u
#define STORE_ACCESS_FAULT 7u
#define EXTERNAL_INTERRUPT 11u
#define LOAD_BUS_FAULT 1024u
#define STORE_BUS_FAULT 1025u
#define TRAP_EXIT_CODE 3

void soc_trap(uint32_t cause, uint32_t *frame);

static void skip_access(uint32_t *frame) {
    const uint16_t *instruction = (const uint16_t *)(uintptr_t)frame[0];
    const uint32_t low = instruction[0];
    const uint32_t destination = load_register(low);
    if (destination != 0u) {
        frame[destination] = 0u;
    }
    frame[0] += instruction_bytes(low);
}

void soc_trap(uint32_t cause, uint32_t *frame) {
    if (cause == LOAD_ACCESS_FAULT || cause == STORE_ACCESS_FAULT) {
        soc_bus_error_count++;
        skip_access(frame);
    } else if (cause == (INTERRUPT | LOAD_BUS_FAULT) || cause == (INTERRUPT | STORE_BUS_FAULT)) {
        soc_bus_error_count++;
    } else if (cause == (INTERRUPT | EXTERNAL_INTERRUPT) && soc_on_interrupt != 0) {
        soc_on_interrupt();
    } else {
        put_text("fail trap with mcause ");
        put_hexadecimal(cause);
        put_text(" at mepc ");
        put_hexadecimal(frame[0]);
        put_char('\n');
        soc_exit(TRAP_EXIT_CODE);
    }
}

#endif
