/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the simulated memristive devices (sim/verilog/soc/memristor.sv).
 *
 * One device is selected at a time. It can be given pulses of several kinds, its candidates, and
 * its read current can be taken, scaled to 0 to 1 and in units of 2**-FRAC. Pulses only set it:
 * the current rises, but for noise, and nothing but RESET takes it back.
 */
#ifndef MEMRISTOR_H
#define MEMRISTOR_H

#include <stdint.h>

#ifndef MEMRISTOR_BASE
#define MEMRISTOR_BASE 0x30000000u
#endif

#define MEMRISTOR_IDENTITY 0x00u
#define MEMRISTOR_DEVICES 0x04u
#define MEMRISTOR_CANDIDATES 0x08u
#define MEMRISTOR_PULSES 0x0Cu /* places on each curve */
#define MEMRISTOR_FRAC 0x10u
#define MEMRISTOR_SELECT 0x14u    /* W: a device, which is then fresh */
#define MEMRISTOR_RESET 0x18u     /* W: the device is fresh again */
#define MEMRISTOR_PULSE 0x1Cu     /* W: candidate << 16 | count */
#define MEMRISTOR_CURRENT 0x20u   /* a read is counted */
#define MEMRISTOR_APPLIED 0x24u   /* pulses since the device was fresh */
#define MEMRISTOR_READS 0x28u     /* reads of CURRENT since then */
#define MEMRISTOR_PARAMETER 0x100u /* 32 bytes a candidate: V_set, V_anti in mV, times in us */

#define MEMRISTOR_IDENTITY_WORD 0x4D454D52u /* "MEMR" */
#define MEMRISTOR_PARAMETERS 5u             /* V_set, V_anti, t_set, t_off, t_read */

/* Define both before including this header to reach the registers in another way. */
#ifndef MEMRISTOR_LOAD
#define MEMRISTOR_LOAD(address) (*(const volatile uint32_t *)(uintptr_t)(address))
#define MEMRISTOR_STORE(address, word) (*(volatile uint32_t *)(uintptr_t)(address) = (word))
#endif

static inline uint32_t memristor_read(uint32_t offset) {
    return MEMRISTOR_LOAD(MEMRISTOR_BASE + offset);
}

static inline void memristor_select(uint32_t device) {
    MEMRISTOR_STORE(MEMRISTOR_BASE + MEMRISTOR_SELECT, device);
}

static inline void memristor_reset(void) {
    MEMRISTOR_STORE(MEMRISTOR_BASE + MEMRISTOR_RESET, 0u);
}

/* count: 0 to 65535. */
static inline void memristor_pulse(uint32_t candidate, uint32_t count) {
    MEMRISTOR_STORE(MEMRISTOR_BASE + MEMRISTOR_PULSE, candidate << 16 | count);
}

static inline int32_t memristor_current(void) {
    return (int32_t)memristor_read(MEMRISTOR_CURRENT);
}

/* A parameter of a candidate of the selected device, in mV or us. */
static inline int32_t memristor_parameter(uint32_t candidate, uint32_t parameter) {
    return (int32_t)memristor_read(MEMRISTOR_PARAMETER + 32u * candidate + 4u * parameter);
}

#endif
