// SPDX-License-Identifier: Apache-2.0
// The index of the largest of a layer's results.
#ifndef PULSEWRIGHT_ARGMAX_H
#define PULSEWRIGHT_ARGMAX_H

#include "pulsewright_integer.h"
#include "pulsewright_pragmas.h"

namespace pulsewright {

// x: the NEURONS results of layer L. y: one index in Index, the lowest of equally large results.
template <typename L, typename Index>
void argmax(const typename L::Result::type x[L::NEURONS], typename Index::type y[1]) {
    typename L::Result::type largest = x[0];
    typename Index::type index = 0;
    PULSEWRIGHT_CATAPULT(hls_pipeline_init_interval 1)
    for (int neuron = 1; neuron < L::NEURONS; ++neuron) {
        PULSEWRIGHT_VITIS(PIPELINE II=1)
        if (x[neuron] > largest) {
            largest = x[neuron];
            index = narrow<Index>(neuron);
        }
    }
    y[0] = index;
}

} // namespace pulsewright

#endif
