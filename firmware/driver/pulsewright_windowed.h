/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Driver of a coprocessor with windows of inputs and results, version 3 of the register map: of a
 * network that does not fit among the registers. C99, freestanding, no library, no allocation.
 *
 * Vectors are stored while others are computed, and results loaded meanwhile; the engine takes a
 * vector as soon as its first layer is done with the one before. pulsewright_windowed_stream does so
 * for many of them. With vectors that come one by one a loop that keeps the engine busy is
 *
 *     if (windowed.started == windowed.startable) {
 *         pulsewright_windowed_results(&windowed, oldest);
 *     }
 *     pulsewright_windowed_start(&windowed, codes);
 *
 * What is about jobs, interrupts and weights takes `.device`: pulsewright_wait, pulsewright_cycles,
 * pulsewright_enable_interrupts, pulsewright_load_weights and others of pulsewright.h, and
 * pulsewright_expect.
 */
#ifndef PULSEWRIGHT_WINDOWED_H
#define PULSEWRIGHT_WINDOWED_H

#include "pulsewright.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Byte offsets of registers that version 2 of the map does not have. */
#define PULSEWRIGHT_INPUT_WINDOW 0x68u
#define PULSEWRIGHT_RESULT_WINDOW 0x6Cu

#define PULSEWRIGHT_WINDOWED_MAJOR_VERSION 3u

/* A coprocessor with windows. Made by pulsewright_windowed_probe. */
struct pulsewright_windowed {
    struct pulsewright device; /* its input_words are 0: they may be more than it can tell */
    uintptr_t inputs;          /* address of the first input word */
    uintptr_t results;         /* address of the first result */
    uint32_t input_words;      /* of 32 bits: ceil(device.inputs * device.lane_bits / 32) */
    uint32_t started;          /* vectors whose results were not loaded yet */
    uint32_t startable;        /* most of them: device.fifo_depth + 1 */
};

/* Look for a coprocessor with windows at `base` and read what it can do. Nothing is written.
   Statuses as of pulsewright_probe; WRONG_VERSION also of one without windows. */
int pulsewright_windowed_probe(struct pulsewright_windowed *windowed, uintptr_t base);

/* Pack `inputs` codes into `input_words` words. OUT_OF_RANGE. */
int pulsewright_windowed_pack(const struct pulsewright_windowed *windowed, const int16_t *codes,
                              uint32_t *words);

/* Store `inputs` codes, which starts their inference, now or after the one that runs.
   OUT_OF_RANGE (nothing is started); BUSY: `startable` vectors are started and no results loaded,
   or with bounded waits a vector waits for another. */
int pulsewright_windowed_start(struct pulsewright_windowed *windowed, const int16_t *codes);

/* The same of words that are packed. With lanes of 8 or 16 bits a little-endian core finds them in
   an array of its codes. BUSY. */
int pulsewright_windowed_start_packed(struct pulsewright_windowed *windowed, const uint32_t *words);

/* Load the results of the vector that was started first; the load waits for them on the bus, with
   bounded waits by at most PULSEWRIGHT_POLLS looks at STATUS.
   END: none is started. TIMEOUT (it runs on). */
int pulsewright_windowed_results(struct pulsewright_windowed *windowed, int32_t *results);

/* The same, asking STATUS at most `polls` times whether they are there. END, TIMEOUT. */
int pulsewright_windowed_results_within(struct pulsewright_windowed *windowed, int32_t *results,
                                        uint32_t polls);

/* One inference. BUSY also if another one is started. OUT_OF_RANGE, TIMEOUT. */
int pulsewright_windowed_infer(struct pulsewright_windowed *windowed, const int16_t *codes,
                               int32_t *results);

/* `rows` inferences of `inputs` codes each, into `results` results each, row after row: vectors are
   stored and results loaded while others are computed, with as many started as may be. BUSY if
   another one is started. OUT_OF_RANGE, TIMEOUT: vectors that were started before are on their way. */
int pulsewright_windowed_stream(struct pulsewright_windowed *windowed, const int16_t *codes,
                                uint32_t rows, int32_t *results);

/* The same of words that are packed, `input_words` a row. BUSY, TIMEOUT. */
int pulsewright_windowed_stream_packed(struct pulsewright_windowed *windowed, const uint32_t *words,
                                       uint32_t rows, int32_t *results);

/* Abandon all jobs and their results. Registers and weights stay. */
void pulsewright_windowed_soft_clear(struct pulsewright_windowed *windowed);

#ifdef __cplusplus
}
#endif

#endif
