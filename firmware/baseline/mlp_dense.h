/* SPDX-License-Identifier: Apache-2.0 */
/* One layer in plain loops. With constants for all but x and y the compiler specialises it. */
#ifndef MLP_DENSE_H
#define MLP_DENSE_H

#include "mlp.h"

struct mlp_layer {
    const network_weight *weights;
    const int32_t *biases;
    const int8_t *shifts;
    int inputs;
    int neurons;
    int rounding;
    int shift;
    int32_t maximum;
    bool per_channel;
    bool saturates;
    bool hidden;
};

#define MLP_LAYER(k, is_hidden)                                                                   \
    ((struct mlp_layer){&network_##k##_weights[0][0], network_##k##_biases, network_##k##_shifts,  \
                        NETWORK_##k##_INPUTS, NETWORK_##k##_NEURONS, NETWORK_##k##_ROUNDING,       \
                        NETWORK_##k##_SHIFT, NETWORK_##k##_MAXIMUM, NETWORK_##k##_PER_CHANNEL,     \
                        NETWORK_##k##_SATURATES, is_hidden})
#define MLP_HIDDEN(k) MLP_LAYER(k, true)
#define MLP_OUTPUT_OF(k) MLP_LAYER(k, false)
#define MLP_EXPANDED_OUTPUT(k) MLP_OUTPUT_OF(k)
#define MLP_OUTPUT MLP_EXPANDED_OUTPUT(NETWORK_LAST)

static inline __attribute__((always_inline)) void mlp_dense(struct mlp_layer layer,
                                                            const int32_t *x, int32_t *y) {
    const network_weight *weight = layer.weights;
    for (int j = 0; j < layer.neurons; j++) {
        const int shift = layer.per_channel ? layer.shifts[j] : layer.shift;
        int32_t sum = layer.biases[j];
        for (int i = 0; i < layer.inputs; i++) {
            sum += *weight++ * x[i];
        }
        y[j] = layer.hidden ? mlp_activation(sum, shift, layer.rounding, layer.saturates,
                                             layer.maximum)
                            : sum * (1 << -shift);
    }
}

#endif
