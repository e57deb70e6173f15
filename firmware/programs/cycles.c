/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cycles of every way to infer, end to end: from codes (or physical integers) in memory to results
 * in memory, calls and loops included. Every result is compared with the integer model's.
 */
#include "soc.h"

#if defined(SOC_BUS) || defined(SOC_INSTRUCTION)
#define HARDWARE 1
#include "program.h"
#else
#define HARDWARE 0
#include "network.h"
#include "network_input_map.h"
#endif

#include "mlp.h"
#include "rows.h"

#ifdef SOC_DOT4
#define DOT4 NETWORK_DOT4
#else
#define DOT4 0
#endif

#define BLOCK 8
#define UNROLLED _Pragma("GCC unroll 8")

static int32_t results[ROWS][NETWORK_OUTPUTS];
static uint32_t empty; /* cycles of a measurement of nothing */
static uint32_t accesses; /* of RAM, in the last measurement */
static uint32_t wrong;

static void clear(void) {
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t i = 0; i < NETWORK_OUTPUTS; i++) {
            results[row][i] = INT32_MIN;
        }
    }
}

static void report(const char *name, uint32_t cycles, uint32_t rows, uint32_t mismatches) {
    put_text("measure ");
    put_text(name);
    put_field("cycles", (int32_t)(cycles - empty));
    put_field("accesses", (int32_t)accesses);
    put_field("rows", (int32_t)rows);
    put_field("mismatches", (int32_t)mismatches);
    put_char('\n');
    wrong += mismatches;
}

/* outputs: how many of a row the method gives. */
static void report_rows(const char *name, uint32_t cycles, uint32_t outputs) {
    uint32_t mismatches = 0u;
    for (uint32_t row = 0; row < ROWS; row++) {
        bool same = true;
        for (uint32_t i = 0; i < outputs; i++) {
            same = same && results[row][i] == row_results[row][i];
        }
        mismatches += same ? 0u : 1u;
    }
    report(name, cycles, ROWS, mismatches);
}

static void __attribute__((noinline)) measure_nothing(void) {
    const uint32_t begin = soc_cycle();
    empty = soc_cycle() - begin;
}

/* A function of its own for each method, so that none disturbs the registers of another. */
#define METHOD(name, outputs, statement)                                                          \
    static void __attribute__((noinline)) measure_##name(void) {                                   \
        clear();                                                                                   \
        accesses = soc_accesses();                                                                 \
        const uint32_t begin = soc_cycle();                                                        \
        statement;                                                                                 \
        const uint32_t cycles = soc_cycle() - begin;                                               \
        accesses = soc_accesses() - accesses;                                                      \
        report_rows(#name, cycles, outputs);                                                       \
    }

#define CODES(row) ((const network_code *)(const void *)row_words[row])
#define EACH_ROW for (uint32_t row = 0; row < ROWS; row++)

#if HARDWARE

static struct pulsewright device;

static void __attribute__((noinline)) hardware_packed(void) {
    const struct pulsewright local = device; /* its base address stays in a register */
#if ROWS >= BLOCK
    for (uint32_t row = 0; row <= ROWS - BLOCK; row += BLOCK) {
        const uint32_t(*words)[NETWORK_INPUT_WORDS] = row_words + row;
        int32_t(*result)[NETWORK_OUTPUTS] = results + row;
        UNROLLED
        for (uint32_t i = 0; i < BLOCK; i++) {
            result[i][0] = program_infer(&local, words[i]);
        }
    }
#endif
#if ROWS % BLOCK != 0
    for (uint32_t row = ROWS / BLOCK * BLOCK; row < ROWS; row++) {
        results[row][0] = program_infer(&local, row_words[row]);
    }
#endif
}

METHOD(hardware_packed, 1u, hardware_packed())

#ifndef SOC_INSTRUCTION
static inline void take(const struct pulsewright *local, int32_t *result) {
    UNROLLED
    for (uint32_t i = 0; i < NETWORK_OUTPUTS; i++) {
        result[i] = pulsewright_take_result(local);
    }
}

/* Each row is stored while the one before is computed. */
static void __attribute__((noinline)) hardware_streamed(void) {
    const struct pulsewright local = device;
    pulsewright_put_packed(&local, row_words[0], NETWORK_INPUT_WORDS);
    UNROLLED
    for (uint32_t row = 1; row < ROWS; row++) {
        pulsewright_put_packed(&local, row_words[row], NETWORK_INPUT_WORDS);
        take(&local, results[row - 1u]);
    }
    take(&local, results[ROWS - 1u]);
}

METHOD(hardware_streamed, NETWORK_OUTPUTS, hardware_streamed())
#endif
METHOD(hardware_codes, NETWORK_OUTPUTS,
       EACH_ROW { (void)pulsewright_infer(&device, row_codes[row], results[row]); })
/* The codes of the input map are in range, and need no driver to look at them. */
METHOD(hardware_physical_packed, 1u, EACH_ROW {
    int16_t codes[NETWORK_INPUTS];
    uint32_t words[NETWORK_INPUT_WORDS];
    network_codes(row_physical[row], codes);
    program_pack(codes, words);
    results[row][0] = program_infer(&device, words);
})
METHOD(hardware_physical, NETWORK_OUTPUTS, EACH_ROW {
    int16_t codes[NETWORK_INPUTS];
    network_codes(row_physical[row], codes);
    (void)pulsewright_infer(&device, codes, results[row]);
})

#ifdef SOC_INPUT_MAP
/* The hardware makes the codes. */
static void __attribute__((noinline)) hardware_units(void) {
    const struct pulsewright local = device;
    UNROLLED
    for (uint32_t row = 0; row < ROWS; row++) {
        results[row][0] = pulsewright_infer_units(&local, row_physical[row], NETWORK_INPUTS);
    }
}

METHOD(hardware_units, 1u, hardware_units())
#endif

#endif

/* Physical integers to codes alone, the same before hardware and software. */
static void __attribute__((noinline)) measure_scaling(void) {
    static network_code codes[ROWS][NETWORK_INPUTS];
    accesses = soc_accesses();
    const uint32_t begin = soc_cycle();
    EACH_ROW {
        int16_t scaled[NETWORK_INPUTS];
        network_codes(row_physical[row], scaled);
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            codes[row][i] = (network_code)scaled[i];
        }
    }
    const uint32_t cycles = soc_cycle() - begin;
    accesses = soc_accesses() - accesses;
    uint32_t mismatches = 0u;
    EACH_ROW {
        bool same = true;
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            same = same && codes[row][i] == (network_code)row_codes[row][i];
        }
        mismatches += same ? 0u : 1u;
    }
    report("scaling", cycles, ROWS, mismatches);
}

METHOD(software_plain, NETWORK_OUTPUTS, EACH_ROW { mlp_plain(CODES(row), results[row]); })
#if !NETWORK_WIDER
METHOD(software_fused, NETWORK_OUTPUTS, EACH_ROW { mlp_fused(CODES(row), results[row]); })
#endif
#if NETWORK_LAYERS == 2 && !NETWORK_WIDER
METHOD(software_unrolled, NETWORK_OUTPUTS, EACH_ROW { mlp_unrolled(CODES(row), results[row]); })
METHOD(software_swar, NETWORK_OUTPUTS, EACH_ROW { mlp_swar(CODES(row), results[row]); })
METHOD(software_swar_unrolled, NETWORK_OUTPUTS,
       EACH_ROW { mlp_swar_unrolled(CODES(row), results[row]); })
#endif
#if DOT4
METHOD(software_dot4, NETWORK_OUTPUTS, EACH_ROW { mlp_dot4(row_words[row], results[row]); })
#endif

/* A core without a coprocessor has nothing to measure of a network wider than its software. */
#if defined(NETWORK_PULSE_INPUT) && CURVES > 0 && (HARDWARE || !NETWORK_WIDER)
#define MEASURES_CURVES 1
#else
#define MEASURES_CURVES 0
#endif

#if MEASURES_CURVES

#define LANES (32u / NETWORK_CODE_BITS)
#define PULSE_WORD (NETWORK_PULSE_INPUT / LANES)
#define PULSE_LOW (NETWORK_PULSE_INPUT % LANES * NETWORK_CODE_BITS)
#define PULSE_MASK (((1u << NETWORK_CODE_BITS) - 1u) << PULSE_LOW)
#define EACH_CURVE for (uint32_t curve = 0; curve < CURVES; curve++)

static int32_t curves[CURVES][CURVE_LENGTH * NETWORK_OUTPUTS];

static uint32_t length_of(uint32_t curve) {
    return (uint32_t)curve_n1[curve] - curve_n0[curve] + 1u;
}

static void clear_curves(void) {
    EACH_CURVE {
        for (uint32_t i = 0; i < CURVE_LENGTH * NETWORK_OUTPUTS; i++) {
            curves[curve][i] = INT32_MIN;
        }
    }
}

/* stride: how many outputs lie side by side. */
static void report_curves(const char *name, uint32_t cycles, uint32_t stride) {
    uint32_t mismatches = 0u;
    uint32_t pulses = 0u;
    EACH_CURVE {
        for (uint32_t i = 0; i < length_of(curve); i++, pulses++) {
            bool same = true;
            for (uint32_t k = 0; k < stride; k++) {
                const int32_t expected = curve_results[curve][i * NETWORK_OUTPUTS + k];
                same = same && curves[curve][i * stride + k] == expected;
            }
            mismatches += same ? 0u : 1u;
        }
    }
    report(name, cycles, pulses, mismatches);
}

#define CURVE_METHOD(name, stride, statement)                                                     \
    static void __attribute__((noinline)) measure_##name(void) {                                   \
        clear_curves();                                                                            \
        accesses = soc_accesses();                                                                 \
        const uint32_t begin = soc_cycle();                                                        \
        statement;                                                                                 \
        const uint32_t cycles = soc_cycle() - begin;                                               \
        accesses = soc_accesses() - accesses;                                                      \
        report_curves(#name, cycles, stride);                                                      \
    }

/* Input words of a pulse, of words whose pulse code is 0. */
static inline void set_pulse(uint32_t *words, uint32_t others, int32_t code) {
    words[PULSE_WORD] = others | ((uint32_t)code << PULSE_LOW & PULSE_MASK);
}

#define PREPARE_WORDS                                                                             \
    uint32_t words[NETWORK_INPUT_WORDS];                                                           \
    for (uint32_t i = 0; i < NETWORK_INPUT_WORDS; i++) {                                           \
        words[i] = curve_words[curve][i];                                                          \
    }                                                                                              \
    const uint32_t others = words[PULSE_WORD] & ~PULSE_MASK;

/* A full inference for each pulse. The function sees its words in memory, hence the barrier. */
#define FULL_CURVES(call)                                                                         \
    EACH_CURVE {                                                                                   \
        PREPARE_WORDS                                                                              \
        int32_t *result = curves[curve];                                                           \
        for (uint32_t n = curve_n0[curve]; n <= curve_n1[curve]; n++, result += NETWORK_OUTPUTS) { \
            set_pulse(words, others, MLP_PULSE_CODE(n));                                           \
            SOC_BARRIER();                                                                         \
            call;                                                                                  \
        }                                                                                          \
    }
#define WORDS ((const network_code *)(const void *)words)

#if !NETWORK_WIDER

CURVE_METHOD(curve_software_incremental, NETWORK_OUTPUTS, EACH_CURVE {
    mlp_incremental((const network_code *)(const void *)curve_words[curve], curve_n0[curve],
                    curve_n1[curve], curves[curve]);
})
CURVE_METHOD(curve_software_full_fused, NETWORK_OUTPUTS, FULL_CURVES(mlp_fused(WORDS, result)))
#if NETWORK_LAYERS == 2
CURVE_METHOD(curve_software_full_unrolled, NETWORK_OUTPUTS,
             FULL_CURVES(mlp_unrolled(WORDS, result)))
CURVE_METHOD(curve_software_full_swar, NETWORK_OUTPUTS, FULL_CURVES(mlp_swar(WORDS, result)))
CURVE_METHOD(curve_software_full_swar_unrolled, NETWORK_OUTPUTS,
             FULL_CURVES(mlp_swar_unrolled(WORDS, result)))
#endif
#if DOT4
CURVE_METHOD(curve_software_full_dot4, NETWORK_OUTPUTS, FULL_CURVES(mlp_dot4(words, result)))
#endif

#endif

static void software_curves(void) {
#if !NETWORK_WIDER
    measure_curve_software_incremental();
    measure_curve_software_full_fused();
#if NETWORK_LAYERS == 2
    measure_curve_software_full_unrolled();
    measure_curve_software_full_swar();
    measure_curve_software_full_swar_unrolled();
#endif
#if DOT4
    measure_curve_software_full_dot4();
#endif
#endif
}

#if HARDWARE

static void __attribute__((noinline)) curve_calls(void) {
    const struct pulsewright local = device;
    EACH_CURVE {
        PREPARE_WORDS
        int32_t *result = curves[curve];
        UNROLLED
        for (uint32_t n = curve_n0[curve]; n <= curve_n1[curve]; n++) {
            set_pulse(words, others, MLP_PULSE_CODE(n));
            *result++ = program_infer(&local, words);
        }
    }
}

static void __attribute__((noinline)) curve_steps(void) {
    const struct pulsewright local = device;
    EACH_CURVE {
        struct pulsewright_steps steps;
        int32_t *result = curves[curve];
        uint32_t n = curve_n0[curve];
        (void)pulsewright_steps_begin(&device, curve_words[curve], &steps);
#ifdef SOC_INSTRUCTION
        /* The first is an inference, which leaves the other inputs in the coprocessor. */
        PREPARE_WORDS
        set_pulse(words, others, MLP_PULSE_CODE(n));
        *result++ = program_infer(&local, words);
        n++;
#endif
        UNROLLED
        for (; n <= curve_n1[curve]; n++) {
            *result++ = program_step(&local, &steps, MLP_PULSE_CODE(n));
        }
    }
}

CURVE_METHOD(curve_job, NETWORK_OUTPUTS, EACH_CURVE {
    (void)pulsewright_curve_start(&device, curve_codes[curve], curve_n0[curve], curve_n1[curve],
                                  false);
    (void)pulsewright_curve_read(&device, curves[curve], length_of(curve) * NETWORK_OUTPUTS);
})
CURVE_METHOD(curve_calls, 1u, curve_calls())
CURVE_METHOD(curve_steps, 1u, curve_steps())

#ifdef SOC_INPUT_MAP
/* Only the pulse number goes over the bus, as it is. */
static void __attribute__((noinline)) curve_units(void) {
    const struct pulsewright local = device;
    EACH_CURVE {
        int32_t *result = curves[curve];
        for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
            pulsewright_put_physical(&local, i, curve_physical[curve][i]);
        }
        UNROLLED
        for (uint32_t n = curve_n0[curve]; n <= curve_n1[curve]; n++) {
            *result++ = pulsewright_infer_changed(&local, NETWORK_PULSE_INPUT, (int32_t)n);
        }
    }
}

CURVE_METHOD(curve_units, 1u, curve_units())
#endif

static void hardware_curves(void) {
    measure_curve_job();
    (void)pulsewright_packed_begin(&device);
    measure_curve_calls();
    measure_curve_steps();
#ifdef SOC_INPUT_MAP
    measure_curve_units();
#endif
}

#endif

#endif

int main(void) {
    measure_nothing();
#if HARDWARE
    if (program_begin(&device) != PULSEWRIGHT_OK ||
        pulsewright_packed_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    measure_hardware_packed();
#ifndef SOC_INSTRUCTION
    if (pulsewright_stream_begin(&device) == PULSEWRIGHT_OK) {
        measure_hardware_streamed();
    }
#endif
    measure_hardware_codes();
    measure_hardware_physical();
    measure_hardware_physical_packed();
#ifdef SOC_INPUT_MAP
    measure_hardware_units();
#endif
#endif
    measure_scaling();
    measure_software_plain();
#if !NETWORK_WIDER
    measure_software_fused();
#endif
#if NETWORK_LAYERS == 2 && !NETWORK_WIDER
    measure_software_unrolled();
    measure_software_swar();
    measure_software_swar_unrolled();
#endif
#if DOT4
    measure_software_dot4();
#endif
#if MEASURES_CURVES
#if HARDWARE
    hardware_curves();
#endif
    software_curves();
#endif
    return wrong == 0u ? 0 : 1;
}
