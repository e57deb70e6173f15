/* SPDX-License-Identifier: Apache-2.0 */
/* Straight code for one hidden layer: weights are immediates, and those of 0 cost nothing. */
#include "mlp.h"

#if NETWORK_LAYERS != 2
#error "mlp_unrolled.c: networks of one hidden layer alone; use mlp_fused.c"
#endif

void mlp_unrolled(const network_code *codes, int32_t *results) {
    int32_t x[NETWORK_INPUTS];
    int32_t sums[NETWORK_OUTPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    mlp_begin(sums);
#define NEURON(j)                                                                                 \
    do {                                                                                           \
        int32_t sum = network_fused[j].bias;                                                       \
        MLP_UNROLL                                                                                 \
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {                                            \
            sum += network_fused[j].weights[i] * x[i];                                             \
        }                                                                                          \
        const struct network_fused *const neuron = &network_fused[j];                              \
        mlp_add_neuron(sum, neuron->shift, neuron->saturates != 0, neuron->outputs, sums);         \
    } while (0);
    NETWORK_FOR_EACH_FUSED(NEURON)
    mlp_end(sums, results);
}
