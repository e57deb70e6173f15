/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the simulated SoC, for C and assembler. */
#ifndef SOC_MAP_H
#define SOC_MAP_H

#define SOC_CONSOLE_ADDRESS 0x10000000
#define SOC_EXIT_ADDRESS 0x10000004
#define SOC_CYCLE_ADDRESS 0x10000008
#define SOC_FAULT_ADDRESS 0x10000010
#define SOC_ACCESSES_ADDRESS 0x10000014
#define SOC_COPROCESSOR_ADDRESS 0x20000000
#define SOC_MEMRISTOR_ADDRESS 0x30000000

#endif
