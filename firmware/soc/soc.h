/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated SoC as programs see it: console, cycle counter, interrupt, bus errors. */
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

extern volatile uint32_t soc_bus_error_count; /* traps of loads and stores since they were asked */
extern volatile uint32_t soc_sleep_count;
extern volatile bool soc_waits_by_interrupt;
extern void (*soc_on_interrupt)(void); /* what the coprocessor's interrupt calls, if it is taken */

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

/* Let the coprocessor's interrupt end a sleep, and be taken if soc_take_interrupts says so; or not. */
static inline void soc_open_interrupt(bool open) {
#ifdef SOC_CORE_PICORV32
    (void)open;
#else
    const uint32_t external = open ? 1u << 11 : 0u;
    __asm__ volatile("csrw mie, %0" : : "r"(external) : "memory");
#endif
}

/* Interrupts are taken from here on, or only end a sleep, as after a reset. */
static inline void soc_take_interrupts(bool take) {
#ifdef SOC_CORE_PICORV32
    (void)take;
#else
    if (take) {
        __asm__ volatile("csrsi mstatus, 8" ::: "memory");
    } else {
        __asm__ volatile("csrci mstatus, 8" ::: "memory");
    }
#endif
}

/* Until the coprocessor's interrupt is pending, or not at all if it is. Interrupts are not taken, so
   that no handler answers one between a look at what is waited for and this. */
static inline void soc_sleep(void) {
#ifndef SOC_CORE_PICORV32
    soc_sleep_count++;
    __asm__ volatile("wfi" ::: "memory");
#endif
}

/* Let soc_idle sleep, or not. */
static inline void soc_wait_by_interrupt(bool enable) {
    soc_open_interrupt(enable);
    soc_waits_by_interrupt = enable;
}

/* Between two looks at a status. */
static inline void soc_idle(void) {
    if (soc_waits_by_interrupt) {
        soc_sleep();
    }
}

#endif
