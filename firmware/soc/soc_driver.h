/* SPDX-License-Identifier: Apache-2.0 */
/* The driver with the hooks of this SoC; soc_driver.c is its source. */
#ifndef SOC_DRIVER_H
#define SOC_DRIVER_H

#include "soc.h"

#define PULSEWRIGHT_IDLE() soc_idle()
/* Four times the longest job of the networks here, at some ten cycles a look. */
#define PULSEWRIGHT_POLLS 2000u

#ifdef SOC_INSTRUCTION
#include "pulsewright_instruction.h"
/* Registers are reached by pw.load and pw.store, which refuse what a bus answers with an error. */
#define SOC_COPROCESSOR_BASE 0u
#define PULSEWRIGHT_LOAD(address) pw_load((uint32_t)(address))
#define PULSEWRIGHT_STORE(address, word) ((void)pw_store((uint32_t)(address), (word)))
#define PULSEWRIGHT_BUS_ERRORS() pw_status()
#else
#define SOC_COPROCESSOR_BASE ((uintptr_t)SOC_COPROCESSOR_ADDRESS)
#define PULSEWRIGHT_BUS_ERRORS() soc_bus_errors()
#endif

#include "pulsewright.h"

#endif
