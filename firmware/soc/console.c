/* SPDX-License-Identifier: Apache-2.0 */
#include "soc.h"

#define LONGEST 10 /* digits of 2**32 - 1 */

void put_char(char character) {
    SOC_CONSOLE = (uint8_t)character;
}

void put_text(const char *text) {
    while (*text != '\0') {
        put_char(*text++);
    }
}

void put_unsigned(uint32_t value) {
    char digits[LONGEST];
    int count = 0;
    do {
        digits[count++] = (char)('0' + (int)(value % 10u));
        value /= 10u;
    } while (value != 0u);
    while (count > 0) {
        put_char(digits[--count]);
    }
}

void put_integer(int32_t value) {
    if (value < 0) {
        put_char('-');
    }
    put_unsigned(value < 0 ? 0u - (uint32_t)value : (uint32_t)value);
}

void put_hexadecimal(uint32_t value) {
    put_text("0x");
    for (unsigned digit = 8u; digit-- > 0u;) {
        put_char("0123456789abcdef"[value >> 4u * digit & 15u]);
    }
}

void put_field(const char *name, int32_t value) {
    put_char(' ');
    put_text(name);
    put_char(' ');
    put_integer(value);
}

void put_fail(const char *text) {
    put_text("fail ");
    put_text(text);
    put_char('\n');
}
