// SPDX-License-Identifier: Apache-2.0
// One dense layer, folded: PE neurons and SIMD inputs a step, GROUPS * STEPS steps a vector.
#ifndef PULSEWRIGHT_DENSE_H
#define PULSEWRIGHT_DENSE_H

#include "pulsewright_integer.h"
#include "pulsewright_pragmas.h"
#include "pulsewright_requantise.h"

namespace pulsewright {

// The products of one lane, added; partial sums stay within Sum too, since 0 is always an operand.
template <typename L>
typename L::Sum::type add_products(const typename L::Operand::type operands[L::SIMD],
                                   const typename L::Weight::type weights[L::SIMD]) {
    PULSEWRIGHT_VITIS(INLINE)
    typename L::Sum::type sum = 0;
    PULSEWRIGHT_CATAPULT(hls_unroll yes)
    for (int lane = 0; lane < L::SIMD; ++lane) {
        PULSEWRIGHT_VITIS(UNROLL)
        const typename L::Product::type product =
            narrow<typename L::Product>(multiply<typename L::Factor>(weights[lane], operands[lane]));
        sum = narrow<typename L::Sum>(sum + product);
    }
    return sum;
}

// x: INPUTS operands. weights: by step, neuron of the group, and input of the step, zero past the
// edges of the layer. biases, scales: by group and neuron of the group. y: NEURONS results.
template <typename L>
void dense_layer(const typename L::Input::type x[L::INPUTS],
                 const typename L::Weight::type weights[L::GROUPS * L::STEPS][L::PE][L::SIMD],
                 const typename L::Bias::type biases[L::GROUPS][L::PE],
                 const typename L::Scale scales[L::GROUPS][L::PE],
                 typename L::Result::type y[L::NEURONS]) {
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=weights dim=2 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=weights dim=3 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=biases dim=2 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=scales dim=2 complete)
    typename L::Accumulator::type accumulators[L::PE] PULSEWRIGHT_HOST(= {});
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=accumulators complete)
    for (int group = 0; group < L::GROUPS; ++group) {
        PULSEWRIGHT_CATAPULT(hls_pipeline_init_interval 1)
        for (int step = 0; step < L::STEPS; ++step) {
            PULSEWRIGHT_VITIS(PIPELINE II=1)
            typename L::Operand::type operands[L::SIMD];
            PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=operands complete)
            PULSEWRIGHT_CATAPULT(hls_unroll yes)
            for (int lane = 0; lane < L::SIMD; ++lane) {
                PULSEWRIGHT_VITIS(UNROLL)
                const int input = step * L::SIMD + lane;
                const bool inside = L::STEPS * L::SIMD == L::INPUTS || input < L::INPUTS;
                operands[lane] = inside ? narrow<typename L::Operand>(x[input])
                                        : typename L::Operand::type(0);
            }
            PULSEWRIGHT_CATAPULT(hls_unroll yes)
            for (int lane = 0; lane < L::PE; ++lane) {
                PULSEWRIGHT_VITIS(UNROLL)
                const typename L::Sum::type sum =
                    add_products<L>(operands, weights[group * L::STEPS + step][lane]);
                const typename L::Accumulator::type before =
                    step == 0 ? narrow<typename L::Accumulator>(biases[group][lane])
                              : accumulators[lane];
                accumulators[lane] = narrow<typename L::Accumulator>(before + sum);
            }
            if (step == L::STEPS - 1) {
                PULSEWRIGHT_CATAPULT(hls_unroll yes)
                for (int lane = 0; lane < L::PE; ++lane) {
                    PULSEWRIGHT_VITIS(UNROLL)
                    const int neuron = group * L::PE + lane;
                    if (L::GROUPS * L::PE == L::NEURONS || neuron < L::NEURONS) {
                        y[neuron] = activate<L>(accumulators[lane], scales[group][lane]);
                    }
                }
            }
        }
    }
}

} // namespace pulsewright

#endif
