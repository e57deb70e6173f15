/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The coprocessor as an instruction of a RISC-V core (CV-X-IF or PCPI), for GCC and Clang.
 *
 * Instructions of the opcode custom-0. They work as they are after a reset, where AUTOTRIGGER is 1
 * and JOB is an inference. For everything else the driver can be compiled on top of pw.load and
 * pw.store; its base address is then 0:
 *
 *     #define PULSEWRIGHT_LOAD(address) pw_load((uint32_t)(address))
 *     #define PULSEWRIGHT_STORE(address, word) ((void)pw_store((uint32_t)(address), (word)))
 *     #define PULSEWRIGHT_BUS_ERRORS() pw_status()
 */
#ifndef PULSEWRIGHT_INSTRUCTION_H
#define PULSEWRIGHT_INSTRUCTION_H

#include <stdint.h>

#ifndef __riscv
#error "pulsewright_instruction.h: the instructions are those of a RISC-V core"
#endif

/* RESULT[0] of the input words low and high; `high` is ignored if there is one input word. */
static inline int32_t pw_infer(uint32_t low, uint32_t high) {
    int32_t result;
    __asm__ volatile(".insn r 0x0B, 0, 0, %0, %1, %2" : "=r"(result) : "r"(low), "r"(high));
    return result;
}

/* RESULT[0] of the last input words with another pulse number, by its code. */
static inline int32_t pw_step(int32_t pulse_code) {
    int32_t result;
    __asm__ volatile(".insn r 0x0B, 1, 0, %0, %1, x0" : "=r"(result) : "r"(pulse_code));
    return result;
}

/* The register at a byte address, 0 if refused. */
static inline uint32_t pw_load(uint32_t address) {
    uint32_t value;
    __asm__ volatile(".insn r 0x0B, 2, 0, %0, %1, x0" : "=r"(value) : "r"(address) : "memory");
    return value;
}

/* 1 if refused. */
static inline uint32_t pw_store(uint32_t address, uint32_t value) {
    uint32_t refused;
    __asm__ volatile(".insn r 0x0B, 3, 0, %0, %1, %2"
                     : "=r"(refused)
                     : "r"(address), "r"(value)
                     : "memory");
    return refused;
}

/* Instructions refused since the last call. */
static inline uint32_t pw_status(void) {
    uint32_t refused;
    __asm__ volatile(".insn r 0x0B, 4, 0, %0, x0, x0" : "=r"(refused));
    return refused;
}

#endif
