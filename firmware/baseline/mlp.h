/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Software inference, bit for bit that of the integer model, as fast as C on the core allows.
 *
 * What network.h (sim/soc/network_header.py) gives, k being a layer counted from 0:
 *
 *   NETWORK_INPUTS, _OUTPUTS, _LAYERS, _LAST, _LARGEST (inputs or neurons of any layer), _DIGEST
 *   network_code, NETWORK_CODE_BITS    an input code as it lies in a lane of the input words
 *   network_weight                     holds any weight of the network
 *   NETWORK_DOT4                       1 if mlp_dot4.c can do the network, else 0
 *   NETWORK_WIDER                      1 if a layer multiplies or the outputs are no accumulators:
 *                                      mlp_plain.c alone can do the network, in 64 bits
 *   NETWORK_ARGMAX                     1 if the only result is the index of the largest output
 *   NETWORK_INPUT_WORDS                input words
 *   NETWORK_FOR_EACH_HIDDEN(X)         X(k) for every hidden layer
 *   NETWORK_PULSE_INPUT, _MINIMUM, _MAXIMUM, and either _FIRST_CODE and _STEP or
 *     network_pulse_codes[]            if an input counts pulses
 *   NETWORK_k_INPUTS, _NEURONS, _ROUNDING, _MAXIMUM, _SATURATES, _PER_CHANNEL, _SHIFT,
 *     _INPUT_SIGNED, _WORDS            one shift for all neurons unless _PER_CHANNEL
 *   network_k_weights[neuron][input], network_k_biases[], and network_k_shifts[] to the right,
 *     negative ones to the left
 *   NETWORK_k_MULTIPLIED               1 if the layer has network_k_multipliers[], network_k_offsets[]
 *     and NETWORK_k_MINIMUM, and _SHIFT is behind them
 *   network_k_packed[neuron][word]     the weights, four to a word, if NETWORK_DOT4
 *
 * and for one hidden layer, whose neurons are then in tables with what rounding adds in the bias
 * (neurons that no input makes active, or that nothing leaves, are left out):
 *
 *   network_fused[NETWORK_FUSED]       one record a neuron; NETWORK_FOR_EACH_FUSED(X)
 *   network_pairs[NETWORK_PAIRS]       two neurons a word, (high << low_bits) + low;
 *     NETWORK_PAIR_LOW_BITS            of all pairs, or 0 if they differ
 *   .saturates of a neuron             whether its own range lets it, for straight code
 *   network_singles[NETWORK_SINGLES]   those that are in no pair, as in network_fused
 *   network_dot4[NETWORK_FUSED]        four weights a word, if NETWORK_DOT4;
 *     NETWORK_DOT4_BIAS_IN_LANES       NETWORK_DOT4_ONES in the last input word's spare lanes makes
 *                                      the bias a part of the dot product
 */
#ifndef MLP_H
#define MLP_H

#include <stdbool.h>
#include <stdint.h>

#include "network.h"

enum mlp_rounding { MLP_FLOOR = 0, MLP_HALF_UP = 1, MLP_HALF_EVEN = 2 };

/* Complete: loops over inputs and outputs become straight code with operands in registers. */
#define MLP_UNROLL _Pragma("GCC unroll 64")

/* Each: codes of all inputs, as they lie in the input words, to `NETWORK_OUTPUTS` results. */
void mlp_plain(const network_code *codes, int32_t *results);
#if !NETWORK_WIDER
void mlp_fused(const network_code *codes, int32_t *results);
#endif
#if NETWORK_LAYERS == 2 && !NETWORK_WIDER
void mlp_unrolled(const network_code *codes, int32_t *results);
void mlp_swar(const network_code *codes, int32_t *results);
void mlp_swar_unrolled(const network_code *codes, int32_t *results);
#endif
#if NETWORK_DOT4
/* Input words whose unused lanes are 0; needs the dot-product instruction (SOC_DOT4). */
void mlp_dot4(const uint32_t *words, int32_t *results);
#endif
#ifdef NETWORK_PULSE_INPUT
#ifdef NETWORK_PULSE_STEP
#define MLP_PULSE_CODE(n)                                                                         \
    (NETWORK_PULSE_FIRST_CODE + NETWORK_PULSE_STEP * ((int32_t)(n) - NETWORK_PULSE_MINIMUM))
#else
#define MLP_PULSE_CODE(n) ((int32_t)network_pulse_codes[(n) - NETWORK_PULSE_MINIMUM])
#endif

/* Results of the pulse numbers n0 to n1: NETWORK_OUTPUTS each. Of `codes` the pulse number's is
   ignored. */
void mlp_incremental(const network_code *codes, uint32_t n0, uint32_t n1, int32_t *results);
#endif

/* value * 2**-shift rounded. value contains what the rounding adds, except for the parity. Shifts
   of negative values are arithmetic in GCC and Clang. */
static inline int32_t mlp_round(int32_t value, int shift, int rounding) {
    if (shift <= 0) {
        return value * (1 << -shift);
    }
    return rounding == MLP_HALF_EVEN ? (value + (value >> shift & 1)) >> shift : value >> shift;
}

/* What is added before the shift: see mlp_round. */
static inline int32_t mlp_rounding_offset(int shift, int rounding) {
    if (shift <= 0 || rounding == MLP_FLOOR) {
        return 0;
    }
    return (1 << (shift - 1)) - (rounding == MLP_HALF_EVEN ? 1 : 0);
}

/* ReLU, round, saturate. */
static inline int32_t mlp_activation(int32_t accumulator, int shift, int rounding, bool saturates,
                                     int32_t maximum) {
    if (accumulator <= 0) {
        return 0;
    }
    const int32_t value = accumulator + mlp_rounding_offset(shift, rounding);
    const int32_t rounded = mlp_round(value, shift, rounding);
    return saturates && rounded > maximum ? maximum : rounded;
}

#if NETWORK_LAYERS == 2 && !NETWORK_WIDER

#define MLP_SHIFT(record) (NETWORK_0_PER_CHANNEL ? (record)->shift : NETWORK_0_SHIFT)

/* Add a hidden neuron to the outputs. accumulator: with what rounding adds. An accumulator that
   rounds to 0 costs a shift and a branch. */
static inline void mlp_add_neuron(int32_t accumulator, int shift, bool saturates,
                                  const network_weight *outputs, int32_t *sums) {
    const int32_t quotient = shift > 0 ? accumulator >> shift : accumulator;
    if (quotient > 0) {
        const int32_t rounded = mlp_round(accumulator, shift, NETWORK_0_ROUNDING);
        const bool over = saturates && rounded > NETWORK_0_MAXIMUM;
        const int32_t activation = over ? NETWORK_0_MAXIMUM : rounded;
        MLP_UNROLL
        for (int i = 0; i < NETWORK_OUTPUTS; i++) {
            sums[i] += outputs[i] * activation;
        }
    }
}

static inline void mlp_begin(int32_t *sums) {
    MLP_UNROLL
    for (int i = 0; i < NETWORK_OUTPUTS; i++) {
        sums[i] = network_1_biases[i];
    }
}

static inline void mlp_end(const int32_t *sums, int32_t *results) {
    MLP_UNROLL
    for (int i = 0; i < NETWORK_OUTPUTS; i++) {
        results[i] = sums[i] * (1 << -network_1_shifts[i]);
    }
}

#endif

#endif
