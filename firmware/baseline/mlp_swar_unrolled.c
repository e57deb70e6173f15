/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mlp_swar.c as straight code. Packed weights are loaded at constant offsets from one register,
 * since a load is one instruction where an immediate of 32 bits is two; what fits 12 bits is an
 * immediate.
 */
#include "mlp_swar.h"

void mlp_swar_unrolled(const network_code *codes, int32_t *results) {
    int32_t x[NETWORK_INPUTS];
    int32_t sums[NETWORK_OUTPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    mlp_begin(sums);
#if NETWORK_PAIRS > 0
    const struct network_pair *pairs = network_pairs;
    __asm__("" : "+r"(pairs)); /* else the compiler makes immediates of its words */
#define PAIR(j)                                                                                   \
    do {                                                                                           \
        uint32_t sum = pairs[j].bias;                                                              \
        MLP_UNROLL                                                                                 \
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {                                            \
            sum += pairs[j].weights[i] * (uint32_t)x[i];                                           \
        }                                                                                          \
        const struct network_pair *const same = &network_pairs[j];                                 \
        mlp_add_pair(sum, same, same->low_bits, same->saturates[0] != 0,                           \
                     same->saturates[1] != 0, sums);                                               \
    } while (0);
    NETWORK_FOR_EACH_PAIR(PAIR)
#endif
#if NETWORK_SINGLES > 0
#define SINGLE(j)                                                                                 \
    do {                                                                                           \
        int32_t sum = network_singles[j].bias;                                                     \
        MLP_UNROLL                                                                                 \
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {                                            \
            sum += network_singles[j].weights[i] * x[i];                                           \
        }                                                                                          \
        const struct network_fused *const neuron = &network_singles[j];                            \
        mlp_add_neuron(sum, neuron->shift, neuron->saturates != 0, neuron->outputs, sums);         \
    } while (0);
    NETWORK_FOR_EACH_SINGLE(SINGLE)
#endif
    mlp_end(sums, results);
}
