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
    /* Not looked at unless multiplied. */
    bool multiplied;
    const uint32_t *multipliers;
    const int64_t *offsets;
    int32_t minimum;
};

/* multiplier * accumulator + offset, shifted, rounded and saturated, in 64 bits. A sum with half a
   step in it that has no fraction was a tie, and goes to the even neighbour. */
static inline int32_t mlp_scaled(struct mlp_layer layer, int neuron, int32_t accumulator) {
    const int64_t half = layer.shift > 0 && layer.rounding != MLP_FLOOR
                             ? (int64_t)1 << (layer.shift - 1)
                             : 0;
    const int64_t sum =
        (int64_t)layer.multipliers[neuron] * accumulator + layer.offsets[neuron] + half;
    int64_t code = sum >> layer.shift;
    const int64_t fraction = sum & (((int64_t)1 << layer.shift) - 1);
    if (layer.rounding == MLP_HALF_EVEN && layer.shift > 0 && fraction == 0) {
        code &= ~(int64_t)1;
    }
    return (int32_t)(code < layer.minimum   ? layer.minimum
                     : code > layer.maximum ? layer.maximum
                                            : code);
}

#define MLP_LAYER(k, is_hidden)                                                                   \
    ((struct mlp_layer){&network_##k##_weights[0][0], network_##k##_biases, network_##k##_shifts,  \
                        NETWORK_##k##_INPUTS, NETWORK_##k##_NEURONS, NETWORK_##k##_ROUNDING,       \
                        NETWORK_##k##_SHIFT, NETWORK_##k##_MAXIMUM, NETWORK_##k##_PER_CHANNEL,     \
                        NETWORK_##k##_SATURATES, is_hidden, MLP_SCALE_OF(k)})
#define MLP_SCALE_OF(k) MLP_EXPANDED_SCALE(NETWORK_##k##_MULTIPLIED, k)
#define MLP_EXPANDED_SCALE(multiplied, k) MLP_CHOSEN_SCALE(multiplied, k)
#define MLP_CHOSEN_SCALE(multiplied, k) MLP_SCALE_##multiplied(k)
#define MLP_SCALE_0(k) false, 0, 0, 0
#define MLP_SCALE_1(k) true, network_##k##_multipliers, network_##k##_offsets, NETWORK_##k##_MINIMUM
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
        if (layer.multiplied) {
            y[j] = mlp_scaled(layer, j, sum);
            continue;
        }
        y[j] = layer.hidden ? mlp_activation(sum, shift, layer.rounding, layer.saturates,
                                             layer.maximum)
                            : sum * (1 << -shift);
    }
}

#endif
