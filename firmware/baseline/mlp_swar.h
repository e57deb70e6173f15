/* SPDX-License-Identifier: Apache-2.0 */
/* Two hidden neurons in one word, told apart after the sum. See sim/soc/swar_pairs.py. */
#ifndef MLP_SWAR_H
#define MLP_SWAR_H

#include "mlp.h"

#if NETWORK_LAYERS != 2
#error "mlp_swar: networks of one hidden layer alone; use mlp_fused.c"
#endif

#if NETWORK_PAIRS > 0
static inline void mlp_add_pair(uint32_t sum, const struct network_pair *pair, unsigned low_bits,
                                bool low_saturates, bool high_saturates, int32_t *sums) {
    const unsigned above = 32u - low_bits;
    const int32_t low = (int32_t)(sum << above) >> above;
    const int32_t high = (int32_t)(sum - (uint32_t)low) >> low_bits;
    const int low_shift = NETWORK_0_PER_CHANNEL ? pair->shifts[0] : NETWORK_0_SHIFT;
    const int high_shift = NETWORK_0_PER_CHANNEL ? pair->shifts[1] : NETWORK_0_SHIFT;
    mlp_add_neuron(low, low_shift, low_saturates, pair->outputs[0], sums);
    mlp_add_neuron(high, high_shift, high_saturates, pair->outputs[1], sums);
}
#endif

#endif
