/* SPDX-License-Identifier: Apache-2.0 */
/* What the probes of both register maps have in common. For the driver's own files alone. */
#ifndef PULSEWRIGHT_PROBE_H
#define PULSEWRIGHT_PROBE_H

#include "pulsewright.h"

#define WORD_BITS 32u
#define WORD_BYTES 4u
#define CODE_BITS 16u /* of int16_t */
#define PAGE_BITS 12u /* of the smallest address space */
/* Jobs or results, if any, that a handle found when it was made, and did not ask for. */
#define NOT_OURS 0xFFFFFFFFu

static inline uint32_t bits(uint32_t word, unsigned low, unsigned count) {
    return (word >> low) & ((1u << count) - 1u);
}

/* The status of accesses that were made, unless one of them was answered with a bus error. */
static inline int checked(int status) {
    return PULSEWRIGHT_BUS_ERRORS() != 0u ? (int)PULSEWRIGHT_BUS_ERROR : status;
}

static inline bool is_aligned(uintptr_t base, unsigned log2_size) {
    return (base & (((uintptr_t)1 << log2_size) - 1u)) == 0u;
}

/* Who is at `base`: OK, MISALIGNED, BUS_ERROR, NO_DEVICE, WRONG_VERSION. */
static inline int identify(struct pulsewright *device, uintptr_t base, uint32_t major_version) {
    if (!is_aligned(base, PAGE_BITS)) {
        return PULSEWRIGHT_MISALIGNED;
    }
    (void)PULSEWRIGHT_BUS_ERRORS(); /* those of others */
    device->base = base;
    const uint32_t identity = pulsewright_read(device, PULSEWRIGHT_IDENTITY);
    const int answered = checked(PULSEWRIGHT_OK);
    if (answered != PULSEWRIGHT_OK) {
        return answered;
    }
    if (identity != PULSEWRIGHT_IDENTITY_WORD) {
        return PULSEWRIGHT_NO_DEVICE;
    }
    device->version = pulsewright_read(device, PULSEWRIGHT_VERSION);
    return bits(device->version, 16, 16) == major_version ? PULSEWRIGHT_OK
                                                          : PULSEWRIGHT_WRONG_VERSION;
}

/* Read the capabilities that both maps have, and the state; returns LAYER_CAPABILITY. */
static inline uint32_t describe(struct pulsewright *device) {
    const uint32_t input = pulsewright_read(device, PULSEWRIGHT_INPUT_CAPABILITY);
    device->inputs = (uint16_t)bits(input, 0, 16);
    device->input_width = (uint8_t)bits(input, 16, 8);
    device->lane_bits = (uint8_t)bits(input, 24, 8);
    const uint32_t result = pulsewright_read(device, PULSEWRIGHT_RESULT_CAPABILITY);
    const uint32_t frac = bits(result, 24, 8);
    device->results = (uint16_t)bits(result, 0, 16);
    device->result_width = (uint8_t)bits(result, 16, 8);
    device->result_frac = (int8_t)(frac < 128u ? (int32_t)frac : (int32_t)frac - 256);
    const uint32_t layer = pulsewright_read(device, PULSEWRIGHT_LAYER_CAPABILITY);
    device->layers = (uint8_t)bits(layer, 0, 8);
    device->reloadable = bits(layer, 9, 1) != 0u;
    device->input_unsigned = bits(layer, 11, 1) == 0u;
    device->fifo_depth = (uint8_t)bits(layer, 24, 8);
    device->model_digest = pulsewright_read(device, PULSEWRIGHT_MODEL_DIGEST);
    const bool jobs = pulsewright_has_jobs(device);
    const uint32_t starts = jobs ? pulsewright_read(device, PULSEWRIGHT_AUTOTRIGGER) : 1u;
    device->autotrigger = bits(starts, 0, 1) != 0u;
    device->job = jobs ? pulsewright_read(device, PULSEWRIGHT_JOB) : PULSEWRIGHT_JOB_INFER;
    return layer;
}

/* Whether what was read can be driven, with the range of codes: OK, BUS_ERROR, NO_DEVICE unless it
   is sensible, MISALIGNED, UNSUPPORTED. */
static inline int validate(struct pulsewright *device, uint32_t layer, bool is_sensible) {
    const int answered = checked(PULSEWRIGHT_OK);
    if (answered != PULSEWRIGHT_OK) {
        return answered;
    }
    if (!is_sensible) {
        return PULSEWRIGHT_NO_DEVICE;
    }
    if (!is_aligned(device->base, PAGE_BITS + bits(layer, 12, 3))) {
        return PULSEWRIGHT_MISALIGNED;
    }
    if (!PULSEWRIGHT_BOUNDED_WAIT && bits(layer, 15, 1) != 0u) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    /* An unsigned code of 16 bits is an int16_t of any value: all of them are in range. */
    const bool from_zero = device->input_unsigned && device->input_width < CODE_BITS;
    device->code_offset = from_zero ? 0u : 1u << (device->input_width - 1u);
    return PULSEWRIGHT_OK;
}

#endif
