// SPDX-License-Identifier: Apache-2.0
// A folded dense layer that keeps its accumulators and adds weights * (x - x before) for the steps
// whose inputs changed: the same bits, since integers are exact.
#ifndef PULSEWRIGHT_INCREMENTAL_H
#define PULSEWRIGHT_INCREMENTAL_H

#include "pulsewright_dense.h"
#include "pulsewright_integer.h"
#include "pulsewright_pragmas.h"
#include "pulsewright_requantise.h"

namespace pulsewright {

// What the layer L keeps from one vector to the next. Zero bytes are an empty state.
template <typename L> struct IncrementalState {
    bool filled;
    typename L::Input::type x[L::INPUTS];
    typename L::Accumulator::type accumulators[L::GROUPS][L::PE];
};

// As dense_layer, in GROUPS * max(changed steps, 1) steps. fresh: take all steps, as the first
// vector does by itself; new weights or biases need it.
template <typename L>
void incremental_layer(const typename L::Input::type x[L::INPUTS], bool fresh,
                       IncrementalState<L> &state,
                       const typename L::Weight::type weights[L::GROUPS * L::STEPS][L::PE][L::SIMD],
                       const typename L::Bias::type biases[L::GROUPS][L::PE],
                       const typename L::Scale scales[L::GROUPS][L::PE],
                       typename L::Result::type y[L::NEURONS]) {
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=weights dim=2 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=weights dim=3 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=biases dim=2 complete)
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=scales dim=2 complete)
    const bool all = fresh || !state.filled;
    typename L::Operand::type differences[L::STEPS][L::SIMD];
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=differences dim=2 complete)
    int changed_steps[L::STEPS];
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=changed_steps complete)
    // Where nothing changed, step 0 adds nothing.
    changed_steps[0] = 0;
    int count = 0;
    PULSEWRIGHT_CATAPULT(hls_unroll yes)
    for (int step = 0; step < L::STEPS; ++step) {
        PULSEWRIGHT_VITIS(UNROLL)
        bool changed = all;
        PULSEWRIGHT_CATAPULT(hls_unroll yes)
        for (int lane = 0; lane < L::SIMD; ++lane) {
            PULSEWRIGHT_VITIS(UNROLL)
            const int input = step * L::SIMD + lane;
            differences[step][lane] = 0;
            if (input < L::INPUTS) {
                const typename L::Input::type before = all ? typename L::Input::type(0)
                                                           : state.x[input];
                const typename L::Operand::type now = narrow<typename L::Operand>(x[input]);
                differences[step][lane] = narrow<typename L::Operand>(
                    now - narrow<typename L::Operand>(before));
                changed = changed || x[input] != before;
                state.x[input] = x[input];
            }
        }
        if (changed) {
            changed_steps[count] = step;
            ++count;
        }
    }
    const int steps = count == 0 ? 1 : count;
    state.filled = true;

    typename L::Accumulator::type accumulators[L::PE] PULSEWRIGHT_HOST(= {});
    PULSEWRIGHT_VITIS(ARRAY_PARTITION variable=accumulators complete)
    for (int group = 0; group < L::GROUPS; ++group) {
        PULSEWRIGHT_CATAPULT(hls_pipeline_init_interval 1)
        for (int index = 0; index < L::STEPS; ++index) {
            PULSEWRIGHT_VITIS(PIPELINE II=1)
            const int step = changed_steps[index];
            PULSEWRIGHT_CATAPULT(hls_unroll yes)
            for (int lane = 0; lane < L::PE; ++lane) {
                PULSEWRIGHT_VITIS(UNROLL)
                const typename L::Sum::type sum =
                    add_products<L>(differences[step], weights[group * L::STEPS + step][lane]);
                const typename L::Accumulator::type start =
                    all ? narrow<typename L::Accumulator>(biases[group][lane])
                        : state.accumulators[group][lane];
                const typename L::Accumulator::type before =
                    index == 0 ? start : accumulators[lane];
                accumulators[lane] = narrow<typename L::Accumulator>(before + sum);
            }
            // A constant bound and one early exit: both tools take it.
            if (index == steps - 1) {
                PULSEWRIGHT_CATAPULT(hls_unroll yes)
                for (int lane = 0; lane < L::PE; ++lane) {
                    PULSEWRIGHT_VITIS(UNROLL)
                    const int neuron = group * L::PE + lane;
                    state.accumulators[group][lane] = accumulators[lane];
                    if (neuron < L::NEURONS) {
                        y[neuron] = activate<L>(accumulators[lane], scales[group][lane]);
                    }
                }
                break;
            }
        }
    }
}

} // namespace pulsewright

#endif
