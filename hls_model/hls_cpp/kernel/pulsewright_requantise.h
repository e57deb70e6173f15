// SPDX-License-Identifier: Apache-2.0
// What follows the accumulator: alignment of the neuron's scale and ReLU, or a multiplier and an
// offset; then rounding and saturation.
#ifndef PULSEWRIGHT_REQUANTISE_H
#define PULSEWRIGHT_REQUANTISE_H

#include "pulsewright_integer.h"
#include "pulsewright_pragmas.h"

namespace pulsewright {

enum class Rounding { HALF_EVEN, HALF_UP, FLOOR };

// value * 2**-SHIFT, rounded; a negative SHIFT multiplies exactly.
template <typename Value, int SHIFT, Rounding ROUNDING> struct RoundShift {
    // Of a shift by the whole width no more than half of a step is left, and a tie goes to zero.
    static constexpr bool NOTHING_LEFT = SHIFT >= Value::WIDTH;
    static constexpr int RIGHT = SHIFT > 0 && !NOTHING_LEFT ? SHIFT : 0;
    static constexpr int LEFT = SHIFT < 0 ? -SHIFT : 0;
    static constexpr int HALF = RIGHT > 0 ? RIGHT - 1 : 0;
    typedef Integer<Value::WIDTH + LEFT, true> Format;

    static typename Format::type apply(const typename Value::type &value) {
        PULSEWRIGHT_VITIS(INLINE)
        if (NOTHING_LEFT) {
            return narrow<Format>(ROUNDING == Rounding::FLOOR && value < 0 ? -1 : 0);
        }
        if (RIGHT == 0) {
            return shift_left<Format>(value, LEFT);
        }
        const typename Format::type down = narrow<Format>(value >> RIGHT);
        const typename Format::type halves = narrow<Format>(value >> HALF);
        const bool half = (halves & 1) != 0;
        const bool more = shift_left<Format>(halves, HALF) != narrow<Format>(value);
        const bool odd = (down & 1) != 0;
        const bool up = ROUNDING == Rounding::HALF_UP     ? half
                        : ROUNDING == Rounding::HALF_EVEN ? half && (more || odd)
                                                          : false;
        return narrow<Format>(down + (up ? 1 : 0));
    }
};

// A neuron's multiplier and offset.
template <typename Multiplier, typename Offset> struct MultiplierOffset {
    typename Multiplier::type multiplier;
    typename Offset::type offset;
};

// An accumulator at its neuron's own scale to what the layer L hands on.
template <typename L, bool MULTIPLIED = L::MULTIPLIED> struct Activation {
    static typename L::Result::type apply(const typename L::Accumulator::type &accumulator,
                                          const typename L::Scale &channel_shift) {
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
};

template <typename L> struct Activation<L, true> {
    static typename L::Result::type apply(const typename L::Accumulator::type &accumulator,
                                          const typename L::Scale &scale) {
        PULSEWRIGHT_VITIS(INLINE)
        typedef typename L::Scaled Scaled;
        const typename Scaled::type product =
            narrow<Scaled>(multiply<typename L::ScaleFactor>(scale.multiplier, accumulator));
        const typename Scaled::type scaled =
            narrow<Scaled>(product + narrow<Scaled>(scale.offset));
        typedef RoundShift<Scaled, L::SHIFT, L::ROUNDING> Rounder;
        // Round first, saturate second.
        const typename Rounder::Format::type rounded = Rounder::apply(scaled);
        const std::int64_t smallest = L::SMALLEST;
        const std::int64_t largest = L::LARGEST;
        return rounded < smallest  ? narrow<typename L::Result>(smallest)
               : rounded > largest ? narrow<typename L::Result>(largest)
                                   : narrow<typename L::Result>(rounded);
    }
};

// See Activation.
template <typename L>
typename L::Result::type activate(const typename L::Accumulator::type &accumulator,
                                  const typename L::Scale &scale) {
    PULSEWRIGHT_VITIS(INLINE)
    return Activation<L>::apply(accumulator, scale);
}

} // namespace pulsewright

#endif
