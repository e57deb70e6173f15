/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A curve along the pulse number in software, with the hardware's own trick: the first layer's
 * accumulators are kept, and a pulse adds to each.
 *
 * With one hidden layer and pulse codes a constant step apart, an accumulator is a line, and its
 * neuron is active at one end of the curve. So neurons are the outer loop: accumulator, step and
 * output weight stay in registers, and the inner loop runs over the pulses at which it is active.
 */
#include "mlp_dense.h"

#ifndef NETWORK_PULSE_INPUT
#error "mlp_incremental.c: no input of this network counts pulses"
#endif

#if NETWORK_LAYERS == 2

#ifdef NETWORK_PULSE_STEP

/* Add the neuron's activations at `count` pulses, active at all of them. */
static inline void add_active(int32_t sum, int32_t step, int shift, const network_weight *outputs,
                              bool saturates, int32_t *results, uint32_t count) {
    int32_t *const end = results + count * NETWORK_OUTPUTS;
#pragma GCC unroll 4
    while (results != end) {
        const int32_t rounded = mlp_round(sum, shift, NETWORK_0_ROUNDING);
        const bool over = saturates && rounded > NETWORK_0_MAXIMUM;
        const int32_t activation = over ? NETWORK_0_MAXIMUM : rounded;
        MLP_UNROLL
        for (int i = 0; i < NETWORK_OUTPUTS; i++) {
            results[i] += outputs[i] * activation;
        }
        results += NETWORK_OUTPUTS;
        sum += step;
    }
}

/* Most neurons never saturate: theirs is a loop without the comparison. */
static void add_pulses(int32_t sum, int32_t step, int shift, const struct network_fused *neuron,
                       int32_t *results, uint32_t count) {
    if (neuron->saturates) {
        add_active(sum, step, shift, neuron->outputs, true, results, count);
    } else {
        add_active(sum, step, shift, neuron->outputs, false, results, count);
    }
}

#endif

void mlp_incremental(const network_code *codes, uint32_t n0, uint32_t n1, int32_t *results) {
    const uint32_t count = n1 - n0 + 1u;
    int32_t x[NETWORK_INPUTS];
    MLP_UNROLL
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
    for (uint32_t n = 0; n < count; n++) {
        mlp_begin(results + n * NETWORK_OUTPUTS);
    }
#ifdef NETWORK_PULSE_STEP
    x[NETWORK_PULSE_INPUT] = MLP_PULSE_CODE(n0);
#else
    x[NETWORK_PULSE_INPUT] = 0;
#endif
    const struct network_fused *const last = network_fused + NETWORK_FUSED;
    for (const struct network_fused *neuron = network_fused; neuron != last; neuron++) {
        const int shift = MLP_SHIFT(neuron);
        int32_t sum = neuron->bias;
        MLP_UNROLL
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            sum += neuron->weights[i] * x[i];
        }
#ifdef NETWORK_PULSE_STEP
        const int32_t step = neuron->weights[NETWORK_PULSE_INPUT] * NETWORK_PULSE_STEP;
        /* Active from this sum on. */
        const int32_t active = shift > 0 ? 1 << shift : 1;
        if (sum >= active) {
            uint32_t length = count;
            if (step < 0) {
                const uint32_t until = (uint32_t)(sum - active) / (uint32_t)-step + 1u;
                length = until < count ? until : count;
            }
            add_pulses(sum, step, shift, neuron, results, length);
        } else if (step > 0) {
            const uint32_t from = (uint32_t)(active - sum + step - 1) / (uint32_t)step;
            if (from < count) {
                add_pulses(sum + (int32_t)from * step, step, shift, neuron,
                           results + from * NETWORK_OUTPUTS, count - from);
            }
        }
#else
        const int32_t weight = neuron->weights[NETWORK_PULSE_INPUT];
        for (uint32_t n = 0; n < count; n++) {
            mlp_add_neuron(sum + weight * MLP_PULSE_CODE(n0 + n), shift, NETWORK_0_SATURATES,
                           neuron->outputs, results + n * NETWORK_OUTPUTS);
        }
#endif
    }
    for (uint32_t n = 0; NETWORK_1_PER_CHANNEL && n < count; n++) {
        mlp_end(results + n * NETWORK_OUTPUTS, results + n * NETWORK_OUTPUTS);
    }
}

#else

/* The first layer without its pulse number is kept; the other layers are plain. */
static void first_sums(const network_code *codes, struct mlp_layer layer, int32_t *sums) {
    for (int j = 0; j < layer.neurons; j++) {
        int32_t sum = layer.biases[j];
        for (int i = 0; i < layer.inputs; i++) {
            if (i != NETWORK_PULSE_INPUT) {
                sum += layer.weights[j * layer.inputs + i] * codes[i];
            }
        }
        sums[j] = sum;
    }
}

static void first_layer(const int32_t *sums, int32_t code, struct mlp_layer layer, int32_t *y) {
    for (int j = 0; j < layer.neurons; j++) {
        const int shift = layer.per_channel ? layer.shifts[j] : layer.shift;
        const int32_t sum =
            sums[j] + layer.weights[j * layer.inputs + NETWORK_PULSE_INPUT] * code;
        y[j] = layer.hidden ? mlp_activation(sum, shift, layer.rounding, layer.saturates,
                                             layer.maximum)
                            : sum * (1 << -shift);
    }
}

#if NETWORK_LAYERS == 1
#define FIRST MLP_OUTPUT
#else
#define FIRST MLP_HIDDEN(0)
#endif

void mlp_incremental(const network_code *codes, uint32_t n0, uint32_t n1, int32_t *results) {
    int32_t sums[NETWORK_LARGEST];
    first_sums(codes, FIRST, sums);
    for (uint32_t n = n0; n <= n1; n++, results += NETWORK_OUTPUTS) {
#if NETWORK_LAYERS == 1
        first_layer(sums, MLP_PULSE_CODE(n), FIRST, results);
#else
        int32_t first[NETWORK_LARGEST];
        int32_t second[NETWORK_LARGEST];
        int32_t *x = first;
        int32_t *y = second;
#define HIDDEN(k)                                                                                 \
    do {                                                                                           \
        if ((k) == 0) {                                                                            \
            first_layer(sums, MLP_PULSE_CODE(n), MLP_HIDDEN(k), y);                                \
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
}

#endif
