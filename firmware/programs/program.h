/* SPDX-License-Identifier: Apache-2.0 */
/* What programs begin with: the coprocessor of this network, its weights loaded and checked. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "soc_driver.h"

#include "network.h"
#include "network_input_map.h"

/* The image of reloadable weights, rtl/package/weight_header.py. */
#if __has_include("network_weights.h")
#include "network_weights.h"
#endif

#define PROGRAM_FAILED 1

static inline void program_complain(const char *what, int status) {
    put_text("fail ");
    put_text(what);
    put_text(": ");
    put_text(pulsewright_text(status));
    put_char('\n');
}

/* 0, or a status after a line on the console. */
static inline int program_begin(struct pulsewright *device) {
    int status = pulsewright_probe(device, SOC_COPROCESSOR_BASE);
    if (status != PULSEWRIGHT_OK) {
        program_complain("probe", status);
        return status;
    }
    status = pulsewright_expect(device, NETWORK_INPUTS, NETWORK_OUTPUTS, NETWORK_DIGEST);
    if (status != PULSEWRIGHT_OK) {
        program_complain("expect", status);
        return status;
    }
#ifdef NETWORK_WEIGHT_WORDS
    if (device->reloadable) {
        status = pulsewright_load_weights(device, network_weights, NETWORK_WEIGHT_WORDS);
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_verify_weights(device, network_weights, NETWORK_WEIGHT_WORDS);
        }
        if (status != PULSEWRIGHT_OK) {
            program_complain("weights", status);
        }
    }
#endif
    return status;
}

/* "measure name count mismatches mismatches" */
static inline uint32_t program_report(const char *name, uint32_t count, uint32_t mismatches) {
    put_text("measure ");
    put_text(name);
    put_char(' ');
    put_unsigned(count);
    put_field("mismatches", (int32_t)mismatches);
    put_char('\n');
    return mismatches;
}

/* Codes that are in range as input words, in straight code. */
static inline void program_pack(const int16_t *codes, uint32_t *words) {
    const uint32_t lanes = 32u / NETWORK_CODE_BITS;
    _Pragma("GCC unroll 64")
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        const uint32_t code = (uint32_t)(int32_t)codes[i] & ((1u << NETWORK_CODE_BITS) - 1u);
        const uint32_t before = i % lanes == 0u ? 0u : words[i / lanes];
        words[i / lanes] = before | code << i % lanes * NETWORK_CODE_BITS;
    }
}

/* The first result of packed codes, in the fastest way that the attachment has. */
static inline int32_t program_infer(const struct pulsewright *device, const uint32_t *words) {
#ifdef SOC_INSTRUCTION
    (void)device;
    return pw_infer(words[0], NETWORK_INPUT_WORDS > 1 ? words[NETWORK_INPUT_WORDS - 1] : 0u);
#else
    return pulsewright_infer_packed(device, words, NETWORK_INPUT_WORDS);
#endif
}

/* The first result with another pulse number, after pulsewright_steps_begin and one inference. */
static inline int32_t program_step(const struct pulsewright *device,
                                   const struct pulsewright_steps *steps, int32_t code) {
#ifdef SOC_INSTRUCTION
    (void)device;
    (void)steps;
    return pw_step(code);
#else
    return pulsewright_step(device, steps, code);
#endif
}

#endif
