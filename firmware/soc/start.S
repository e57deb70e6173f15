/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors, start and trap entry of all cores. Every vector leads to the same place: the cause says
 * the rest. PicoRV32 has no trap and no CSR, and uses nothing but _start.
 */
#include "soc_map.h"

    .section .vectors, "ax"
    .option push
    .option norvc /* a vector has four bytes */
    .rept 32
#ifdef SOC_CORE_PICORV32
    j _start
#else
    j trap_entry
#endif
    .endr
    .option pop

    .section .start, "ax"
    .global _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, __stack_top
#ifndef SOC_CORE_PICORV32
    li t0, 1 /* the table at address 0, vectored */
    csrw mtvec, t0
#endif
    la t0, __bss_start
    la t1, __bss_end
1:  bgeu t0, t1, 2f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 1b
2:  call main
    li t0, SOC_EXIT_ADDRESS
    sw a0, 0(t0)
3:  j 3b

#ifndef SOC_CORE_PICORV32
/* Store or load x3 to x31, each at its place in the frame. */
    .macro from_x3 access
    .irp i, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \access x\i, 4*\i(sp)
    .endr
    .endm

    .text
    .balign 4
/* soc_trap(mcause, frame): frame[0] is mepc, frame[i] is xi; both may be changed. */
trap_entry:
    addi sp, sp, -128
    sw x1, 4(sp)
    from_x3 sw
    addi t0, sp, 128
    sw t0, 8(sp)
    csrr t0, mepc
    sw t0, 0(sp)
    csrr a0, mcause
    mv a1, sp
    call soc_trap
    lw t0, 0(sp)
    csrw mepc, t0
    lw x1, 4(sp)
    from_x3 lw
    addi sp, sp, 128 /* no load gives a trap in the stack pointer another value */
    mret
#endif
