// SPDX-License-Identifier: Apache-2.0
// Integers of declared widths: ac_int where PULSEWRIGHT_AC_INT is defined, which Catapult wants;
// ap_int where PULSEWRIGHT_AP_INT is, and in any other synthesis; else plain integers, the smallest
// that hold the width. With PULSEWRIGHT_CHECKED a value that leaves its declared width ends the
// program.
#ifndef PULSEWRIGHT_INTEGER_H
#define PULSEWRIGHT_INTEGER_H

#if defined(__SYNTHESIS__) && !defined(PULSEWRIGHT_AC_INT) && !defined(PULSEWRIGHT_AP_INT)
#define PULSEWRIGHT_AP_INT
#endif

#include <cstdint>

#if defined(PULSEWRIGHT_AC_INT)
#include <ac_int.h>
#elif defined(PULSEWRIGHT_AP_INT)
#include <ap_int.h>
#endif

#ifdef PULSEWRIGHT_CHECKED
#include <cstdio>
#include <cstdlib>
#endif

namespace pulsewright {

#if defined(PULSEWRIGHT_AC_INT)

template <int WIDTH, bool SIGNED> struct Storage {
    typedef ac_int<WIDTH, SIGNED> type;
};

#elif defined(PULSEWRIGHT_AP_INT)

template <int WIDTH, bool SIGNED> struct Storage {
    typedef ap_int<WIDTH> type;
};
template <int WIDTH> struct Storage<WIDTH, false> {
    typedef ap_uint<WIDTH> type;
};

#else

template <int BYTES, bool SIGNED> struct Native;
template <> struct Native<1, true> {
    typedef std::int8_t type;
};
template <> struct Native<2, true> {
    typedef std::int16_t type;
};
template <> struct Native<4, true> {
    typedef std::int32_t type;
};
template <> struct Native<8, true> {
    typedef std::int64_t type;
};
template <> struct Native<1, false> {
    typedef std::uint8_t type;
};
template <> struct Native<2, false> {
    typedef std::uint16_t type;
};
template <> struct Native<4, false> {
    typedef std::uint32_t type;
};
template <> struct Native<8, false> {
    typedef std::uint64_t type;
};

// A program that is to be fast takes 4: compilers vectorise few loops over shorter integers.
#ifndef PULSEWRIGHT_LEAST_BYTES
#define PULSEWRIGHT_LEAST_BYTES 1
#endif

constexpr bool holds(int bytes, int width) {
    return width <= 8 * bytes && PULSEWRIGHT_LEAST_BYTES <= bytes;
}

constexpr int native_bytes(int width) {
    return holds(1, width) ? 1 : holds(2, width) ? 2 : holds(4, width) ? 4 : 8;
}

template <int WIDTH, bool SIGNED> struct Storage {
    typedef typename Native<native_bytes(WIDTH), SIGNED>::type type;
};

#endif

// A number format: `type` holds integers of WIDTH bits. No value of a network leaves 63 bits and a
// sign, so that std::int64_t holds each of them.
template <int BITS, bool IS_SIGNED> struct Integer {
    static_assert(1 <= BITS && BITS <= (IS_SIGNED ? 64 : 63), "a width of 1 to 64 bits");
    static constexpr int WIDTH = BITS;
    static constexpr bool SIGNED = IS_SIGNED;
    typedef typename Storage<BITS, IS_SIGNED>::type type;
};

template <typename Value> std::int64_t to_int64(const Value &value) {
    return static_cast<std::int64_t>(value);
}

#ifdef PULSEWRIGHT_AC_INT
template <int WIDTH, bool SIGNED> std::int64_t to_int64(const ac_int<WIDTH, SIGNED> &value) {
    return value.to_int64();
}
#endif

template <typename Format> bool fits(std::int64_t value) {
    // What lies above the magnitude's bits is the sign alone.
    return (value >> (Format::WIDTH - Format::SIGNED)) == (Format::SIGNED && value < 0 ? -1 : 0);
}

// `value` in a format that holds it.
template <typename Format, typename Value> typename Format::type narrow(const Value &value) {
#ifdef PULSEWRIGHT_CHECKED
    if (!fits<Format>(to_int64(value))) {
        std::fprintf(stderr, "%lld leaves its %d bits (%s)\n",
                     static_cast<long long>(to_int64(value)), Format::WIDTH,
                     Format::SIGNED ? "signed" : "unsigned");
        std::abort();
    }
#endif
    return static_cast<typename Format::type>(value);
}

// The product of two integers; Factor holds both of them and the product.
template <typename Factor, typename A, typename B>
auto multiply(const A &a, const B &b)
#if defined(PULSEWRIGHT_AC_INT) || defined(PULSEWRIGHT_AP_INT)
    -> decltype(a * b) {
    return a * b;
}
#else
    -> decltype(typename Factor::type() * typename Factor::type()) {
    return static_cast<typename Factor::type>(a) * static_cast<typename Factor::type>(b);
}
#endif

// value * 2**amount in Format, which holds the value as well; a bare shift of a negative plain
// integer is undefined. The amount comes by value: a reference to a constant member would need a
// definition of it.
template <typename Format, typename Value, typename Amount>
typename Format::type shift_left(const Value &value, Amount amount) {
#if (defined(PULSEWRIGHT_AC_INT) || defined(PULSEWRIGHT_AP_INT)) && !defined(PULSEWRIGHT_CHECKED)
    return static_cast<typename Format::type>(static_cast<typename Format::type>(value) << amount);
#else
    return narrow<Format>(to_int64(value) * (std::int64_t(1) << to_int64(amount)));
#endif
}

} // namespace pulsewright

#endif
