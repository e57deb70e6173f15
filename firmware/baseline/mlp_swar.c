/* SPDX-License-Identifier: Apache-2.0 */
/* Fused layers in a loop, two hidden neurons a multiplication where their ranges allow it. */
#include "mlp_swar.h"

void mlp_swar(const network_code *codes, int32_t *results) {
    int32_t x[NETWORK_INPUTS];
    int32_t sums[NETWORK_OUTPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    mlp_begin(sums);
#if NETWORK_PAIRS > 0
    const struct network_pair *const last_pair = network_pairs + NETWORK_PAIRS;
    for (const struct network_pair *pair = network_pairs; pair != last_pair; pair++) {
        uint32_t sum = pair->bias;
        MLP_UNROLL
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            sum += pair->weights[i] * (uint32_t)x[i];
        }
        const unsigned low_bits = NETWORK_PAIR_LOW_BITS ? NETWORK_PAIR_LOW_BITS : pair->low_bits;
        mlp_add_pair(sum, pair, low_bits, NETWORK_0_SATURATES, NETWORK_0_SATURATES, sums);
    }
#endif
#if NETWORK_SINGLES > 0
    const struct network_fused *const last = network_singles + NETWORK_SINGLES;
    for (const struct network_fused *neuron = network_singles; neuron != last; neuron++) {
        int32_t sum = neuron->bias;
        MLP_UNROLL
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            sum += neuron->weights[i] * x[i];
        }
        mlp_add_neuron(sum, MLP_SHIFT(neuron), NETWORK_0_SATURATES, neuron->outputs, sums);
    }
#endif
    mlp_end(sums, results);
}
