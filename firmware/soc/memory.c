/* SPDX-License-Identifier: Apache-2.0 */
/* What GCC may call by itself without a C library. */
#include <stddef.h>

/* Else GCC makes of each loop a call of the function that it is in. */
#if defined(__GNUC__) && !defined(__clang__)
#define NO_PATTERNS __attribute__((optimize("no-tree-loop-distribute-patterns")))
#else
#define NO_PATTERNS __attribute__((no_builtin))
#endif

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);

NO_PATTERNS void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    unsigned char *target = to;
    const unsigned char *source = from;
    for (size_t i = 0; i < count; i++) {
        target[i] = source[i];
    }
    return to;
}

NO_PATTERNS void *memmove(void *to, const void *from, size_t count) {
    unsigned char *target = to;
    const unsigned char *source = from;
    if (target < source) {
        for (size_t i = 0; i < count; i++) {
            target[i] = source[i];
        }
    } else {
        for (size_t i = count; i-- > 0;) {
            target[i] = source[i];
        }
    }
    return to;
}

NO_PATTERNS void *memset(void *to, int value, size_t count) {
    unsigned char *target = to;
    for (size_t i = 0; i < count; i++) {
        target[i] = (unsigned char)value;
    }
    return to;
}
