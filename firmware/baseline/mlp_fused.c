/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both layers of a network of one hidden layer in one loop: inputs in registers, one pointer over
 * the records of the neurons, no activation in memory. With more hidden layers the first has its
 * inputs in registers, and the others are plain.
 */
#include "mlp_dense.h"

#if NETWORK_LAYERS == 2

void mlp_fused(const network_code *codes, int32_t *results) {
    int32_t x[NETWORK_INPUTS];
    int32_t sums[NETWORK_OUTPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    mlp_begin(sums);
    const struct network_fused *const end = network_fused + NETWORK_FUSED;
    for (const struct network_fused *neuron = network_fused; neuron != end; neuron++) {
        int32_t sum = neuron->bias;
        MLP_UNROLL
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            sum += neuron->weights[i] * x[i];
        }
        mlp_add_neuron(sum, MLP_SHIFT(neuron), NETWORK_0_SATURATES, neuron->outputs, sums);
    }
    mlp_end(sums, results);
}

#else

static void first_layer(const network_code *codes, int32_t *y, struct mlp_layer layer) {
    int32_t x[NETWORK_INPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    const network_weight *weight = layer.weights;
    for (int j = 0; j < layer.neurons; j++, weight += NETWORK_INPUTS) {
        const int shift = layer.per_channel ? layer.shifts[j] : layer.shift;
        int32_t sum = layer.biases[j];
        MLP_UNROLL
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            sum += weight[i] * x[i];
        }
        y[j] = layer.hidden ? mlp_activation(sum, shift, layer.rounding, layer.saturates,
                                             layer.maximum)
                            : sum * (1 << -shift);
    }
}

void mlp_fused(const network_code *codes, int32_t *results) {
#if NETWORK_LAYERS == 1
    first_layer(codes, results, MLP_OUTPUT);
#else
    int32_t first[NETWORK_LARGEST];
    int32_t second[NETWORK_LARGEST];
    int32_t *x = first;
    int32_t *y = second;
#define HIDDEN(k)                                                                                 \
    do {                                                                                           \
        if ((k) == 0) {                                                                            \
            first_layer(codes, y, MLP_HIDDEN(k));                                                  \
        } else {                                                                                   \
            mlp_dense(MLP_HIDDEN(k), x, y);                                                        \
        }                                                                                          \
        int32_t *const swapped = x;                                                                \
        x = y;                                                                                     \
        y = swapped;                                                                               \
    } while (0);
    NETWORK_FOR_EACH_HIDDEN(HIDDEN)
    (void)y;
    mlp_dense(MLP_OUTPUT, x, results);
#endif
}

#endif
