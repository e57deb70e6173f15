// SPDX-License-Identifier: Apache-2.0
// What follows the accumulator: alignment of the neuron's scale, ReLU, rounding, saturation.
#ifndef PULSEWRIGHT_REQUANTISE_H
#define PULSEWRIGHT_REQUANTISE_H

#include "pulsewright_integer.h"
#include "pulsewright_pragmas.h"

namespace pulsewright {

enum class Rounding { HALF_EVEN, HALF_UP, FLOOR };

// value * 2**-SHIFT, rounded; a negative SHIFT multiplies exactly. The value is behind a ReLU, so
// it is not negative.
template <typename Value, int SHIFT, Rounding ROUNDING> struct RoundShift {
    // Of a shift by the whole width less than half of a step is left.
    static constexpr bool NOTHING_LEFT = SHIFT >= Value::WIDTH;
    static constexpr int RIGHT = SHIFT > 0 && !NOTHING_LEFT ? SHIFT : 0;
    static constexpr int LEFT = SHIFT < 0 ? -SHIFT : 0;
    static constexpr int HALF = RIGHT > 0 ? RIGHT - 1 : 0;
    typedef Integer<Value::WIDTH + LEFT, true> Format;

    static typename Format::type apply(const typename Value::type &value) {
        PULSEWRIGHT_VITIS(INLINE)
        if (NOTHING_LEFT) {
            return 0;
        }
        if (RIGHT == 0) {
            return shift_left<Format>(value, LEFT);
        }
        const typename Format::type down = narrow<Format>(value >> RIGHT);
        const typename Format::type halves = narrow<Format>(value >> HALF);
        const bool half = (halves & 1) != 0;
        const bool more = (halves << HALF) != value;
        const bool odd = (down & 1) != 0;
        const bool up = ROUNDING == Rounding::HALF_UP     ? half
                        : ROUNDING == Rounding::HALF_EVEN ? half && (more || odd)
                                                          : false;
        return narrow<Format>(down + (up ? 1 : 0));
    }
};

// An accumulator at its neuron's own scale to what the layer L hands on.
template <typename L>
typename L::Result::type activate(const typename L::Accumulator::type &accumulator,
                                  const typename L::Shift::type &channel_shift) {
    PULSEWRIGHT_VITIS(INLINE)
    typedef typename L::Aligned Aligned;
    const typename Aligned::type aligned =
        L::SCALED_BY_CHANNEL ? shift_left<Aligned>(accumulator, channel_shift)
                             : narrow<Aligned>(accumulator);
    if (L::RELU && aligned < 0) {
        return 0;
    }
    if (!L::REQUANTISED) {
        return narrow<typename L::Result>(aligned);
    }
    typedef RoundShift<Aligned, L::SHIFT, L::ROUNDING> Rounder;
    // Round first, saturate second.
    const typename Rounder::Format::type rounded = Rounder::apply(aligned);
    const std::int64_t largest = L::LARGEST;
    return rounded > largest ? narrow<typename L::Result>(largest)
                             : narrow<typename L::Result>(rounded);
}

} // namespace pulsewright

#endif
