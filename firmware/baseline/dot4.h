/* SPDX-License-Identifier: Apache-2.0 */
/* The dot-product instruction that the baseline's core has: custom-1, four lanes of 8 bits. */
#ifndef DOT4_H
#define DOT4_H

#include <stdint.h>

#ifdef __riscv

/* Sum of four products of signed lanes. */
static inline int32_t dot4(uint32_t x, uint32_t weights) {
    int32_t sum;
    __asm__(".insn r 0x2B, 0, 0, %0, %1, %2" : "=r"(sum) : "r"(x), "r"(weights));
    return sum;
}

/* The same with unsigned lanes in x. */
static inline int32_t dot4_unsigned(uint32_t x, uint32_t weights) {
    int32_t sum;
    __asm__(".insn r 0x2B, 1, 0, %0, %1, %2" : "=r"(sum) : "r"(x), "r"(weights));
    return sum;
}

#else /* for tests on another machine */

static inline int32_t dot4_lane(uint32_t word, unsigned lane) {
    return (int32_t)(word << (24u - 8u * lane)) >> 24;
}

static inline int32_t dot4(uint32_t x, uint32_t weights) {
    int32_t sum = 0;
    for (unsigned lane = 0; lane < 4u; lane++) {
        sum += dot4_lane(x, lane) * dot4_lane(weights, lane);
    }
    return sum;
}

static inline int32_t dot4_unsigned(uint32_t x, uint32_t weights) {
    int32_t sum = 0;
    for (unsigned lane = 0; lane < 4u; lane++) {
        sum += (dot4_lane(x, lane) & 255) * dot4_lane(weights, lane);
    }
    return sum;
}

#endif

#endif
