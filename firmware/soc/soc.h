/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated SoC as programs see it: console, cycle counter, events, bus errors. */
#ifndef SOC_H
#define SOC_H

#include <stdbool.h>
#include <stdint.h>

#include "soc_map.h"

#if defined(SOC_CORE_IBEX) + defined(SOC_CORE_PICORV32) + defined(SOC_CORE_CV32E40X) != 1
#error "define one of SOC_CORE_IBEX, SOC_CORE_PICORV32, SOC_CORE_CV32E40X"
#endif
#if defined(SOC_BUS) && defined(SOC_INSTRUCTION)
#error "the coprocessor is either on the bus (SOC_BUS) or an instruction (SOC_INSTRUCTION)"
#endif

#define SOC_WORD(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define SOC_CONSOLE SOC_WORD(SOC_CONSOLE_ADDRESS)
#define SOC_EXIT SOC_WORD(SOC_EXIT_ADDRESS)
#define SOC_CYCLE SOC_WORD(SOC_CYCLE_ADDRESS)
#define SOC_EVENT SOC_WORD(SOC_EVENT_ADDRESS)
#define SOC_FAULT SOC_WORD(SOC_FAULT_ADDRESS)

/* Nothing of what is measured moves across it. */
#define SOC_BARRIER() __asm__ volatile("" ::: "memory")

/* Clock cycles, modulo 2**32. */
static inline uint32_t soc_cycle(void) {
    SOC_BARRIER();
    const uint32_t cycle = SOC_CYCLE;
    SOC_BARRIER();
    return cycle;
}

/* Accesses of RAM so far, fetches and data together. */
static inline uint32_t soc_accesses(void) {
    return SOC_WORD(SOC_ACCESSES_ADDRESS);
}

/* End the simulation; 0 is success. */
static inline void __attribute__((noreturn)) soc_exit(int code) {
    SOC_EXIT = (uint32_t)code;
    for (;;) {
    }
}

void put_char(char character);
void put_text(const char *text);
void put_unsigned(uint32_t value);
void put_integer(int32_t value);
void put_hexadecimal(uint32_t value);
/* " name value", a part of a line that begins with "measure". */
void put_field(const char *name, int32_t value);
/* "fail text" and a line's end. */
void put_fail(const char *text);

extern volatile uint32_t soc_events;          /* interrupts of the coprocessor's event */
extern volatile uint32_t soc_bus_error_count; /* traps of loads and stores since they were asked */
extern volatile bool soc_sleeps;

/* Bus errors since the last call. The program goes on after one: a load on Ibex gives 0, on
   CV32E40X whatever was on the bus. PicoRV32 has none. */
static inline uint32_t soc_bus_errors(void) {
#ifdef SOC_CORE_PICORV32
    return 0u;
#else
#ifdef SOC_CORE_CV32E40X
    /* Bus errors come as an interrupt, up to two instructions after the access has ended. */
    __asm__ volatile("fence\n\tnop\n\tnop\n\tnop" ::: "memory");
#endif
    const uint32_t count = soc_bus_error_count;
    if (count != 0u) {
        soc_bus_error_count = 0u;
    }
    return count;
#endif
}

/* Let soc_idle sleep until the event of the coprocessor, and count events; or not. */
void soc_wait_by_event(bool enable);

/* Between two looks at a status: sleep until the event if soc_wait_by_event says so. Interrupts are
   open in here alone, so that an event between the look and the sleep ends the sleep at once. */
static inline void soc_idle(void) {
#ifndef SOC_CORE_PICORV32
    if (soc_sleeps) {
        __asm__ volatile("wfi\n\tcsrsi mstatus, 8\n\tnop\n\tcsrci mstatus, 8" ::: "memory");
    }
#endif
}

#endif
