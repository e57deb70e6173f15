/* SPDX-License-Identifier: Apache-2.0 */
/* Console, cycle counter and the traps of this core: what all other programs stand on. */
#include "soc.h"

#define NOWHERE 0x40000000u
#define MARK 0x12345678u

int main(void) {
    const uint32_t begin = soc_cycle();
    put_text("note the core runs\n");
    const uint32_t end = soc_cycle();
    int failed = end == begin;
#ifndef SOC_CORE_PICORV32
    (void)soc_bus_errors();
    uint32_t kept = MARK;
    const uint32_t loaded = SOC_WORD(NOWHERE);
    const uint32_t load_errors = soc_bus_errors();
    SOC_WORD(NOWHERE) = kept;
    const uint32_t store_errors = soc_bus_errors();
    put_text("measure bus_errors");
    put_field("load", (int32_t)load_errors);
    put_field("store", (int32_t)store_errors);
    put_char('\n');
    failed |= load_errors != 1u || store_errors != 1u || kept != MARK;
#ifdef SOC_CORE_IBEX
    failed |= loaded != 0u;
#else
    (void)loaded;
#endif
#endif
    put_text("measure hello");
    put_field("cycles", (int32_t)(end - begin));
    put_char('\n');
    return failed;
}
