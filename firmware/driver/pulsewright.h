/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Driver of the Pulsewright coprocessor: C99, freestanding, no library, no allocation.
 *
 * One driver serves every configuration, since the coprocessor describes itself in its capability
 * words. A handle belongs to one coprocessor and one thread. No function waits for anything but
 * the hardware, and the hardware ends every job whose results are taken; what would wait for ever
 * or be answered with a bus error returns a status instead.
 */
#ifndef PULSEWRIGHT_H
#define PULSEWRIGHT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Byte offsets of the registers, version 1 of the map. */
#define PULSEWRIGHT_COMMIT_TRIGGER 0x00u
#define PULSEWRIGHT_ACQUIRE 0x04u
#define PULSEWRIGHT_AUTOTRIGGER 0x08u
#define PULSEWRIGHT_STATUS 0x0Cu
#define PULSEWRIGHT_RUNNING_JOB 0x10u
#define PULSEWRIGHT_SOFT_CLEAR 0x14u
#define PULSEWRIGHT_FINISHED_JOBS 0x18u
#define PULSEWRIGHT_REFUSED_ACCESSES 0x1Cu
#define PULSEWRIGHT_IDENTITY 0x20u
#define PULSEWRIGHT_VERSION 0x24u
#define PULSEWRIGHT_INPUT_CAPABILITY 0x28u
#define PULSEWRIGHT_RESULT_CAPABILITY 0x2Cu
#define PULSEWRIGHT_LAYER_CAPABILITY 0x30u
#define PULSEWRIGHT_MODEL_DIGEST 0x34u
#define PULSEWRIGHT_EVENT_ENABLE 0x38u
#define PULSEWRIGHT_CYCLES 0x3Cu
#define PULSEWRIGHT_JOB 0x40u
#define PULSEWRIGHT_N0 0x44u
#define PULSEWRIGHT_N1 0x48u
#define PULSEWRIGHT_TARGET 0x4Cu
#define PULSEWRIGHT_REACHED_N 0x50u
#define PULSEWRIGHT_RESULT_FIFO 0x54u
#define PULSEWRIGHT_SWEEP_RANGE 0x58u
#define PULSEWRIGHT_INPUT 0x80u
#define PULSEWRIGHT_RESULT 0x100u
#define PULSEWRIGHT_LAYER 0x200u

#define PULSEWRIGHT_IDENTITY_WORD 0x50554C53u /* "PULS" */
#define PULSEWRIGHT_MAJOR_VERSION 1u

#define PULSEWRIGHT_STATUS_BUSY 0x1u
#define PULSEWRIGHT_STATUS_QUEUED 0x2u
#define PULSEWRIGHT_STATUS_ACQUIRED 0x4u

#define PULSEWRIGHT_JOB_INFER 0x0u
#define PULSEWRIGHT_JOB_CURVE 0x1u
#define PULSEWRIGHT_JOB_REACH 0x2u
#define PULSEWRIGHT_JOB_INCREMENTS 0x100u

/* What functions return: 0, or why not. */
enum pulsewright_status {
    PULSEWRIGHT_OK = 0,
    PULSEWRIGHT_NO_DEVICE = -1,     /* no coprocessor of this kind at the address */
    PULSEWRIGHT_WRONG_VERSION = -2, /* its register map is not the driver's */
    PULSEWRIGHT_OUT_OF_RANGE = -3,  /* an argument leaves what the coprocessor can hold */
    PULSEWRIGHT_UNSUPPORTED = -4,   /* this configuration has no such job or window */
    PULSEWRIGHT_BUSY = -5,          /* jobs are in the way, or results of a curve are not taken */
    PULSEWRIGHT_ACQUIRED = -6,      /* a job is acquired already */
    PULSEWRIGHT_NOT_ACQUIRED = -7,  /* no job is acquired */
    PULSEWRIGHT_END = -8,           /* no results are left */
    PULSEWRIGHT_NOT_REACHED = -9    /* no pulse number of the range reaches the target */
};

/* A coprocessor: where it is, what it can do, and what is set. Made by pulsewright_probe. */
struct pulsewright {
    uintptr_t base;
    uint32_t version;
    uint32_t model_digest;
    uint16_t inputs;
    uint16_t results;
    uint8_t input_width;  /* bits of a code */
    uint8_t lane_bits;    /* bits from one code to the next in the input words */
    uint8_t result_width; /* significant bits of a result */
    int8_t result_frac;   /* a result r stands for r * 2**-result_frac */
    uint8_t layers;
    bool incremental;
    bool reloadable;
    bool sweep;          /* curve and reach jobs are there */
    uint8_t sweep_input; /* the input that they count through */
    uint8_t fifo_depth;
    uint16_t sweep_minimum;
    uint16_t sweep_maximum;
    bool autotrigger;     /* as in the register */
    uint32_t job;         /* as in the register */
    uint32_t outstanding; /* results of a curve that were not taken yet */
};

/* One layer by its capability words. Offsets are in bytes, and 0 if its weights are constant. */
struct pulsewright_layer {
    uint16_t inputs;
    uint16_t neurons;
    uint16_t pe;
    uint16_t simd;
    uint8_t weight_width;
    uint8_t bias_width;
    uint16_t row_words;
    uint32_t weights;
    uint32_t biases;
};

/* Define both before including this header to reach the registers in another way. */
#ifndef PULSEWRIGHT_LOAD
#define PULSEWRIGHT_LOAD(address) (*(const volatile uint32_t *)(address))
#define PULSEWRIGHT_STORE(address, word) (*(volatile uint32_t *)(address) = (word))
#endif

static inline uint32_t pulsewright_read(const struct pulsewright *device, uint32_t offset) {
    return PULSEWRIGHT_LOAD(device->base + offset);
}

static inline void pulsewright_write(const struct pulsewright *device, uint32_t offset,
                                     uint32_t word) {
    PULSEWRIGHT_STORE(device->base + offset, word);
}

/* Clock cycles of the last job. */
static inline uint32_t pulsewright_cycles(const struct pulsewright *device) {
    return pulsewright_read(device, PULSEWRIGHT_CYCLES);
}

/* Jobs that ended since reset. */
static inline uint32_t pulsewright_finished_jobs(const struct pulsewright *device) {
    return pulsewright_read(device, PULSEWRIGHT_FINISHED_JOBS);
}

/* True while a job runs or waits. */
static inline bool pulsewright_is_busy(const struct pulsewright *device) {
    const uint32_t jobs = PULSEWRIGHT_STATUS_BUSY | PULSEWRIGHT_STATUS_QUEUED;
    return (pulsewright_read(device, PULSEWRIGHT_STATUS) & jobs) != 0u;
}

/* Let the event output pulse when a job ends, or not. */
static inline void pulsewright_enable_event(const struct pulsewright *device, bool enable) {
    pulsewright_write(device, PULSEWRIGHT_EVENT_ENABLE, enable ? 1u : 0u);
}

/* Look for a coprocessor at `base` and read what it can do. Nothing is written.
   NO_DEVICE, WRONG_VERSION. */
int pulsewright_probe(struct pulsewright *device, uintptr_t base);

/* One inference: `inputs` codes in, `results` results out; the load of a result waits for it.
   With two input words and one result it is two stores and one load; the first after another kind
   of job sets JOB and AUTOTRIGGER as well.
   OUT_OF_RANGE (of a code), BUSY. */
int pulsewright_infer(struct pulsewright *device, const int16_t *codes, int32_t *results);

/* The first result of an inference after one by pulsewright_infer, of codes that are packed into
   `count` words already. Nothing is checked. */
static inline int32_t pulsewright_infer_packed(const struct pulsewright *device,
                                               const uint32_t *words, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        pulsewright_write(device, PULSEWRIGHT_INPUT + 4u * i, words[i]);
    }
    return (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT);
}

/* Reserve the next job: its identifier, 0 to 255, or BUSY, ACQUIRED. */
int pulsewright_acquire(const struct pulsewright *device);

/* Commit the acquired job as its registers describe it. NOT_ACQUIRED. */
int pulsewright_commit(const struct pulsewright *device);

/* Start a curve: results of the pulse numbers n0 to n1, with the other inputs from `codes`, whose
   code of the pulse number only has to be in range. increments: each result less the one before,
   the first as it is. Take all results with pulsewright_curve_next before any other job.
   UNSUPPORTED, OUT_OF_RANGE, BUSY, ACQUIRED. */
int pulsewright_curve_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, bool increments);

/* The next result of the curve: of each pulse number all outputs in turn. END. */
int pulsewright_curve_next(struct pulsewright *device, int32_t *result);

/* The first pulse number of n0 to n1 whose first result is `target` or more.
   UNSUPPORTED, OUT_OF_RANGE, BUSY, ACQUIRED, NOT_REACHED. */
int pulsewright_reach(struct pulsewright *device, const int16_t *codes, uint16_t n0, uint16_t n1,
                      int32_t target, uint16_t *reached);

/* Abandon all jobs and their results. Registers and weights stay. */
void pulsewright_soft_clear(struct pulsewright *device);

/* Describe layer `index`, the first being 0. OUT_OF_RANGE. */
int pulsewright_describe_layer(const struct pulsewright *device, uint32_t index,
                               struct pulsewright_layer *layer);

/* Words of an image for pulsewright_load_weights, 0 if the weights are constant. */
uint32_t pulsewright_image_words(const struct pulsewright *device);

/* Load all weights and biases. image: of each layer the words of every step, whose byte lanes are
   pe_lane * simd + simd_lane, then one word for the bias of every neuron.
   UNSUPPORTED, OUT_OF_RANGE (another number of words), BUSY. */
int pulsewright_load_weights(const struct pulsewright *device, const uint32_t *image,
                             uint32_t words);

/* Change one weight; layer, neuron and input are counted from 0. UNSUPPORTED, OUT_OF_RANGE, BUSY. */
int pulsewright_weight_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                             uint32_t input, int32_t weight);

/* Change one bias, an integer at the scale of the layer's accumulator. As above. */
int pulsewright_bias_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                           int32_t bias);

#ifdef __cplusplus
}
#endif

#endif
