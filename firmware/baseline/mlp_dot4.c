/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With the dot-product instruction. With one hidden layer both layers are fused: half of the hidden
 * neurons are inactive, so that skipping them costs less than packing them for a dot product. With
 * more, activations lie packed in memory.
 */
#include "mlp.h"

#include "dot4.h"

#if !NETWORK_DOT4
#error "mlp_dot4.c: codes, activations, weights of at most 8 bits, four layers; use mlp_fused.c"
#endif

#if NETWORK_LAYERS == 2

void mlp_dot4(const uint32_t *words, int32_t *results) {
    uint32_t x[NETWORK_DOT4_WORDS];
    int32_t sums[NETWORK_OUTPUTS];
    MLP_UNROLL
    for (int i = 0; i < NETWORK_DOT4_WORDS; i++) {
        x[i] = words[i];
    }
    x[NETWORK_DOT4_WORDS - 1] |= NETWORK_DOT4_ONES;
    mlp_begin(sums);
    const struct network_dot4 *const end = network_dot4 + NETWORK_FUSED;
    for (const struct network_dot4 *neuron = network_dot4; neuron != end; neuron++) {
        int32_t sum = NETWORK_DOT4_BIAS_IN_LANES ? 0 : neuron->bias;
        MLP_UNROLL
        for (int i = 0; i < NETWORK_DOT4_WORDS; i++) {
            sum += NETWORK_0_INPUT_SIGNED ? dot4(x[i], neuron->words[i])
                                          : dot4_unsigned(x[i], neuron->words[i]);
        }
        mlp_add_neuron(sum, MLP_SHIFT(neuron), NETWORK_0_SATURATES, neuron->outputs, sums);
    }
    mlp_end(sums, results);
}

#else

#define BUFFER_WORDS ((NETWORK_LARGEST + 3) / 4)

#define SUM(k, x, j, product)                                                                     \
    int32_t sum = network_##k##_biases[j];                                                         \
    for (int i = 0; i < NETWORK_##k##_WORDS; i++) {                                                \
        sum += product((x)[i], network_##k##_packed[j][i]);                                        \
    }

#define SUM_OF_LAYER(k, x, j) SUM(k, x, j, (NETWORK_##k##_INPUT_SIGNED ? dot4 : dot4_unsigned))
#define EXPANDED_SUM(k, x, j) SUM_OF_LAYER(k, x, j)
#define SHIFTS_OF(k) network_##k##_shifts
#define EXPANDED_SHIFTS(k) SHIFTS_OF(k)
#define NEURONS_OF(k) NETWORK_##k##_NEURONS

void mlp_dot4(const uint32_t *words, int32_t *results) {
    uint32_t first[BUFFER_WORDS];
    uint32_t second[BUFFER_WORDS];
    const uint32_t *x = words;
    uint32_t *y = first;
#define HIDDEN(k)                                                                                 \
    do {                                                                                           \
        y[(NETWORK_##k##_NEURONS - 1) / 4] = 0u;                                                   \
        for (int j = 0; j < NETWORK_##k##_NEURONS; j++) {                                          \
            SUM_OF_LAYER(k, x, j)                                                                  \
            const int shift = NETWORK_##k##_PER_CHANNEL ? network_##k##_shifts[j]                  \
                                                        : NETWORK_##k##_SHIFT;                     \
            ((uint8_t *)y)[j] = (uint8_t)mlp_activation(sum, shift, NETWORK_##k##_ROUNDING,        \
                                                        NETWORK_##k##_SATURATES,                   \
                                                        NETWORK_##k##_MAXIMUM);                    \
        }                                                                                          \
        x = y;                                                                                     \
        y = y == first ? second : first;                                                           \
    } while (0);
    NETWORK_FOR_EACH_HIDDEN(HIDDEN)
    (void)y;
    (void)second;
    for (int j = 0; j < NETWORK_OUTPUTS; j++) {
        EXPANDED_SUM(NETWORK_LAST, x, j)
        results[j] = sum * (1 << -EXPANDED_SHIFTS(NETWORK_LAST)[j]);
    }
}

#endif
