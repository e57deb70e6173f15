// SPDX-License-Identifier: Apache-2.0
// Directives that only the tool they are for gets to see, so that no compiler warns of them.
#ifndef PULSEWRIGHT_PRAGMAS_H
#define PULSEWRIGHT_PRAGMAS_H

#define PULSEWRIGHT_PRAGMA(text) _Pragma(#text)

// Vitis HLS: inside the function or loop that it is about.
#if defined(__SYNTHESIS__) && !defined(PULSEWRIGHT_AC_INT)
#define PULSEWRIGHT_VITIS(...) PULSEWRIGHT_PRAGMA(HLS __VA_ARGS__)
#else
#define PULSEWRIGHT_VITIS(...)
#endif

// Catapult: in front of the function or loop that it is about.
#if defined(__SYNTHESIS__) && defined(PULSEWRIGHT_AC_INT)
#define PULSEWRIGHT_CATAPULT(text) PULSEWRIGHT_PRAGMA(text)
#else
#define PULSEWRIGHT_CATAPULT(text)
#endif

// On the host alone: first values of what is stored before it is read, which g++ cannot always see.
#ifdef __SYNTHESIS__
#define PULSEWRIGHT_HOST(...)
#else
#define PULSEWRIGHT_HOST(...) __VA_ARGS__
#endif

#endif
