/* SPDX-License-Identifier: Apache-2.0 */
/* What a trap handler has to know of the load or store that it skips, by its first 16 bits. */
#ifndef LOAD_REGISTER_H
#define LOAD_REGISTER_H

#include <stdint.h>

static inline uint32_t instruction_bytes(uint32_t low) {
    return (low & 3u) == 3u ? 4u : 2u;
}

/* The register that a load writes; 0 for a store. low: the instruction's first 16 bits. */
static inline uint32_t load_register(uint32_t low) {
    if ((low & 0x7Fu) == 0x03u) { /* lb, lh, lw, lbu, lhu */
        return low >> 7 & 31u;
    }
    switch (low & 0xE003u) {
    case 0x4000u: /* c.lw */
        return 8u + (low >> 2 & 7u);
    case 0x4002u: /* c.lwsp */
        return low >> 7 & 31u;
    default:
        return 0u;
    }
}

#endif
