/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Driver of the Pulsewright coprocessor: C99, freestanding, no library, no allocation.
 *
 * One driver serves every configuration, since the coprocessor describes itself in its capability
 * words. A handle belongs to one coprocessor and one thread. No function waits for anything but
 * the hardware, and the hardware ends every job whose results are taken; what would wait for ever
 * or be answered with a bus error returns a status instead.
 *
 * Codes are int16_t. Unsigned codes of 16 bits, 0 to 65535, are given as their bit pattern, what a
 * cast from uint16_t makes of them; narrower ones are numbers that int16_t holds anyway.
 *
 * A load of RESULT or RESULT_FIFO waits on the bus. Where the hardware is not to be trusted to
 * answer, the functions with a number of polls ask STATUS, which answers at once, before they load.
 */
#ifndef PULSEWRIGHT_H
#define PULSEWRIGHT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Byte offsets of the registers, version 2 of the map; version 4 (attachment.jobs = "infer") has
   those that inferences need. */
#define PULSEWRIGHT_COMMIT_TRIGGER 0x00u
#define PULSEWRIGHT_ACQUIRE 0x04u
#define PULSEWRIGHT_AUTOTRIGGER 0x08u
#define PULSEWRIGHT_STATUS 0x0Cu
#define PULSEWRIGHT_RUNNING_JOB 0x10u
#define PULSEWRIGHT_SOFT_CLEAR 0x14u
#define PULSEWRIGHT_COMPLETED_JOBS 0x18u
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
#define PULSEWRIGHT_INTERRUPT_PENDING 0x60u
#define PULSEWRIGHT_INTERRUPT_ENABLE 0x64u
#define PULSEWRIGHT_INPUT 0x80u
#define PULSEWRIGHT_RESULT 0x100u
#define PULSEWRIGHT_LAYER 0x200u
#define PULSEWRIGHT_PHYSICAL 0x600u       /* inputs as integers of their units, from minor */
#define PULSEWRIGHT_PHYSICAL_START 0x800u /* version 1 on (attachment.input_map = "hardware") */

#define PULSEWRIGHT_INPUT_WORDS 32u /* at most */
#define PULSEWRIGHT_IDENTITY_WORD 0x50554C53u /* "PULS" */
#define PULSEWRIGHT_MAJOR_VERSION 2u
#define PULSEWRIGHT_INFER_MAJOR_VERSION 4u /* inferences alone, one at a time */

#define PULSEWRIGHT_STATUS_BUSY 0x1u
#define PULSEWRIGHT_STATUS_QUEUED 0x2u
#define PULSEWRIGHT_STATUS_ACQUIRED 0x4u
#define PULSEWRIGHT_STATUS_FIFO_LEVEL 0xFF00u

/* In COMMIT_TRIGGER and SOFT_CLEAR, as in hwpe-ctrl. */
#define PULSEWRIGHT_COMMIT_AND_TRIGGER 0u
#define PULSEWRIGHT_CLEAR_STATE 1u

/* In INTERRUPT_PENDING and INTERRUPT_ENABLE. */
#define PULSEWRIGHT_JOB_ENDED 0x1u
#define PULSEWRIGHT_FIFO_NOT_EMPTY 0x2u
#define PULSEWRIGHT_ACCESS_REFUSED 0x4u

#define PULSEWRIGHT_JOB_INFER 0x0u
#define PULSEWRIGHT_JOB_CURVE 0x1u
#define PULSEWRIGHT_JOB_REACH 0x2u
#define PULSEWRIGHT_JOB_INCREMENTS 0x100u
#define PULSEWRIGHT_JOB_STREAM 0x200u

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
    PULSEWRIGHT_NOT_REACHED = -9,   /* no pulse number of the range reaches the target */
    PULSEWRIGHT_TIMEOUT = -10,      /* STATUS was asked as often as allowed, and a job still runs */
    PULSEWRIGHT_MISMATCH = -11,     /* the coprocessor is of another network than expected */
    PULSEWRIGHT_BUS_ERROR = -12,    /* an access was answered with a bus error */
    PULSEWRIGHT_CORRUPTED = -13,    /* weights in the coprocessor differ from the image */
    PULSEWRIGHT_MISALIGNED = -14    /* the base address is no multiple of the address space */
};

/* A coprocessor: where it is, what it can do, and what is set. Made by pulsewright_probe. */
struct pulsewright {
    uintptr_t base;
    uint32_t version;
    uint32_t model_digest;
    /* Side by side as in the capability words, so that a word is copied at once. */
    uint16_t inputs;
    uint8_t input_width; /* bits of a code */
    uint8_t lane_bits;   /* bits from one code to the next in the input words */
    uint16_t results;
    uint8_t result_width; /* significant bits of a result */
    int8_t result_frac;   /* a result r stands for r * 2**-result_frac */
    uint8_t sweep_input;  /* the input that curve and reach jobs count through */
    uint8_t fifo_depth;
    uint8_t layers;
    uint8_t input_words;
    bool incremental;
    bool reloadable;
    bool sweep;          /* curve and reach jobs are there */
    bool input_unsigned; /* codes are 0 to 2**input_width - 1, else two's complement */
    uint16_t sweep_minimum;
    uint16_t sweep_maximum;
    bool autotrigger;     /* as in the register */
    uint32_t job;         /* as in the register */
    uint32_t outstanding; /* results of a curve that were not taken yet */
    uint32_t code_offset; /* added to a code, makes 0 to 2**input_width - 1 of those in range */
};

/* Packed input words of which only the pulse number changes. Made by pulsewright_steps_begin. */
struct pulsewright_steps {
    uintptr_t address;         /* of the input word with the pulse number */
    uint32_t others;           /* that word with a pulse code of 0 */
    uint32_t mask;             /* of a code in its lane */
    uint32_t low;              /* lowest bit of the pulse number's lane */
    const uint32_t *following; /* input words after it: writing the last one starts the job */
    uint32_t following_count;
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

/* What to do between two looks of pulsewright_wait at STATUS: nothing, or sleep until irq_o is high,
   such as a wfi. It must return at once while irq_o is high, and nobody else may clear JOB_ENDED:
   pulsewright_wait clears it before each look, so that a job which ends after the look ends the
   sleep. */
#ifdef PULSEWRIGHT_IDLE
#define PULSEWRIGHT_SLEEPS 1
#else
#define PULSEWRIGHT_IDLE() ((void)0)
#define PULSEWRIGHT_SLEEPS 0
#endif

/* Bus errors since it was last asked; for a core that takes a trap on them and goes on. */
#ifndef PULSEWRIGHT_BUS_ERRORS
#define PULSEWRIGHT_BUS_ERRORS() 0u
#endif

/* Looks at STATUS after which pulsewright_reach gives up, and everything with bounded waits. */
#ifndef PULSEWRIGHT_POLLS
#define PULSEWRIGHT_POLLS 0xFFFFFFFFu
#endif

/* 1 for a coprocessor whose bus refuses an access that has waited too long (attachment.max_wait):
   what would wait for a job on the bus asks STATUS before, at most PULSEWRIGHT_POLLS times, and
   returns TIMEOUT or BUSY instead. Also for any other. */
#ifndef PULSEWRIGHT_BOUNDED_WAIT
#define PULSEWRIGHT_BOUNDED_WAIT 0
#endif

/* 1 for a coprocessor that infers and does nothing else (attachment.jobs = "infer"); also for any
   other. */
#ifndef PULSEWRIGHT_INFER_ONLY
#define PULSEWRIGHT_INFER_ONLY 0
#endif

static inline uint32_t pulsewright_read(const struct pulsewright *device, uint32_t offset) {
    return PULSEWRIGHT_LOAD(device->base + offset);
}

static inline void pulsewright_write(const struct pulsewright *device, uint32_t offset,
                                     uint32_t word) {
    PULSEWRIGHT_STORE(device->base + offset, word);
}

/* False of a coprocessor that infers and does nothing else, which says UNSUPPORTED to other jobs. */
static inline bool pulsewright_has_jobs(const struct pulsewright *device) {
    return !PULSEWRIGHT_INFER_ONLY || device->version >> 16 != PULSEWRIGHT_INFER_MAJOR_VERSION;
}

/* True of a coprocessor with the input map in hardware, which takes integers of the units of its
   inputs, such as mV, as well as codes. */
static inline bool pulsewright_maps_inputs(const struct pulsewright *device) {
    return (device->version & 0xFFFFu) != 0u;
}

/* Clock cycles of the last job; 0 without jobs, where nothing counts them. */
static inline uint32_t pulsewright_cycles(const struct pulsewright *device) {
    return pulsewright_has_jobs(device) ? pulsewright_read(device, PULSEWRIGHT_CYCLES) : 0u;
}

/* Jobs that ended since reset; 0 without jobs, where nothing counts them. */
static inline uint32_t pulsewright_completed_jobs(const struct pulsewright *device) {
    return pulsewright_has_jobs(device) ? pulsewright_read(device, PULSEWRIGHT_COMPLETED_JOBS) : 0u;
}

/* True while a job runs or waits. */
static inline bool pulsewright_is_busy(const struct pulsewright *device) {
    const uint32_t jobs = PULSEWRIGHT_STATUS_BUSY | PULSEWRIGHT_STATUS_QUEUED;
    return (pulsewright_read(device, PULSEWRIGHT_STATUS) & jobs) != 0u;
}

/* Let irq_o tell of these: JOB_ENDED, FIFO_NOT_EMPTY, ACCESS_REFUSED. Others are pending all the
   same, and tell at once when they are enabled. */
static inline void pulsewright_enable_interrupts(const struct pulsewright *device,
                                                 uint32_t interrupts) {
    pulsewright_write(device, PULSEWRIGHT_INTERRUPT_ENABLE, interrupts);
}

/* What happened since it was cleared, enabled or not; FIFO_NOT_EMPTY while there are results. */
static inline uint32_t pulsewright_pending(const struct pulsewright *device) {
    return pulsewright_read(device, PULSEWRIGHT_INTERRUPT_PENDING);
}

/* Clear JOB_ENDED, ACCESS_REFUSED or both. What happens in the same cycle stays pending. */
static inline void pulsewright_clear_pending(const struct pulsewright *device,
                                             uint32_t interrupts) {
    pulsewright_write(device, PULSEWRIGHT_INTERRUPT_PENDING, interrupts);
}

/* Let the event output pulse when a job ends, or not. */
static inline void pulsewright_enable_event(const struct pulsewright *device, bool enable) {
    pulsewright_write(device, PULSEWRIGHT_EVENT_ENABLE, enable ? 1u : 0u);
}

/* Look for a coprocessor at `base` and read what it can do. Nothing is written.
   NO_DEVICE, WRONG_VERSION, BUS_ERROR.
   UNSUPPORTED: waits are bounded, and the driver is compiled without PULSEWRIGHT_BOUNDED_WAIT.
   MISALIGNED: `base` is no multiple of 4 KiB, or of the larger address space of reloadable weights.
   BUSY: it is described, but holds a job or results that this handle did not ask for: of this core
   before a restart, or of another core. What would begin a job says BUSY until
   pulsewright_soft_clear, which abandons them, or another probe, once they are gone.

   Every function below may also return BUS_ERROR if PULSEWRIGHT_BUS_ERRORS is defined. What it
   would have given then means nothing. */
int pulsewright_probe(struct pulsewright *device, uintptr_t base);

/* After a probe: is it the coprocessor of this network? digest: MODEL_DIGEST, the first 8 hex
   digits of the model's digest; 0 for any. Nothing is read. MISMATCH. */
int pulsewright_expect(const struct pulsewright *device, uint32_t inputs, uint32_t results,
                       uint32_t digest);

/* One inference: `inputs` codes in, `results` results out; the load of a result waits for it.
   With two input words and one result it is two stores and one load; the first after another kind
   of job sets JOB and AUTOTRIGGER as well.
   OUT_OF_RANGE (of a code), BUSY; with bounded waits TIMEOUT (the job runs on). */
int pulsewright_infer(struct pulsewright *device, const int16_t *codes, int32_t *results);

/* Pack `inputs` codes into input words: ceil(inputs * lane_bits / 32) of them. OUT_OF_RANGE. */
int pulsewright_pack(const struct pulsewright *device, const int16_t *codes, uint32_t *words);

/* Set JOB and AUTOTRIGGER for pulsewright_infer_packed and pulsewright_step. BUSY; with bounded
   waits UNSUPPORTED, since these load without a look. */
int pulsewright_packed_begin(struct pulsewright *device);

/* Begin an inference of codes that are packed into `count` words, after pulsewright_packed_begin or
   pulsewright_stream_begin. Nothing is checked: of those before at most one may still be computed. */
static inline void pulsewright_put_packed(const struct pulsewright *device, const uint32_t *words,
                                          uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        pulsewright_write(device, PULSEWRIGHT_INPUT + 4u * i, words[i]);
    }
}

/* The first result of an inference after pulsewright_packed_begin or pulsewright_infer, of codes
   that are packed into `count` words already. Nothing is checked. */
static inline int32_t pulsewright_infer_packed(const struct pulsewright *device,
                                               const uint32_t *words, uint32_t count) {
    pulsewright_put_packed(device, words, count);
    return (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT);
}

/* Set JOB and AUTOTRIGGER for inferences without a wait between them: begin the second with
   pulsewright_put_packed, take the first result, begin the third, take the second result, ...
   UNSUPPORTED (there are no jobs; with bounded waits), BUSY. */
int pulsewright_stream_begin(struct pulsewright *device);

/* The next result, of the oldest inference that was begun; of one with more results they follow
   each other. Nothing is checked: there has to be one, and all have to be taken before anything
   else is asked for. */
static inline int32_t pulsewright_take_result(const struct pulsewright *device) {
    return (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT_FIFO);
}

/* The next four are of coprocessors of which pulsewright_maps_inputs is true.

   One input as an integer of its unit; the others keep their codes. It becomes the code that the
   input map has, saturated, for every job that begins after it. Nothing is checked: no job may
   wait. */
static inline void pulsewright_put_physical(const struct pulsewright *device, uint32_t input,
                                            int32_t physical) {
    pulsewright_write(device, PULSEWRIGHT_PHYSICAL + 4u * input, (uint32_t)physical);
}

/* The same, and the first result of an inference with it, after pulsewright_packed_begin or an
   inference: one store and one load for a pulse more, or another voltage. Nothing is checked. */
static inline int32_t pulsewright_infer_changed(const struct pulsewright *device, uint32_t input,
                                                int32_t physical) {
    pulsewright_write(device, PULSEWRIGHT_PHYSICAL_START + 4u * input, (uint32_t)physical);
    return (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT);
}

/* The first result with all `count` inputs as integers of their units. As above. */
static inline int32_t pulsewright_infer_units(const struct pulsewright *device,
                                              const int32_t *physical, uint32_t count) {
    for (uint32_t i = 0; i + 1u < count; i++) {
        pulsewright_put_physical(device, i, physical[i]);
    }
    return pulsewright_infer_changed(device, count - 1u, physical[count - 1u]);
}

/* pulsewright_infer of `inputs` integers of their units. Any integer has a code.
   UNSUPPORTED, BUSY; with bounded waits TIMEOUT (the job runs on). */
int pulsewright_infer_physical(struct pulsewright *device, const int32_t *physical,
                               int32_t *results);

/* Start it and return at once; then as after pulsewright_infer_start. UNSUPPORTED, BUSY. */
int pulsewright_infer_physical_start(struct pulsewright *device, const int32_t *physical);

/* Prepare inferences that differ in the pulse number alone. words: of pulsewright_pack, to be kept
   while steps are taken. UNSUPPORTED, BUSY. */
int pulsewright_steps_begin(struct pulsewright *device, const uint32_t *words,
                            struct pulsewright_steps *steps);

/* The first result with `code` as the code of the pulse number. One store and one load if the pulse
   number is in the last input word, else one store more for each word after it. Nothing is
   checked, and no other job may have been started since pulsewright_steps_begin. */
static inline int32_t pulsewright_step(const struct pulsewright *device,
                                       const struct pulsewright_steps *steps, int32_t code) {
    PULSEWRIGHT_STORE(steps->address,
                      steps->others | ((uint32_t)code & steps->mask) << steps->low);
    for (uint32_t i = 0; i < steps->following_count; i++) {
        PULSEWRIGHT_STORE(steps->address + 4u * (i + 1u), steps->following[i]);
    }
    return (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT);
}

/* Start an inference and return at once. OUT_OF_RANGE, BUSY (with bounded waits also while a job
   waits). */
int pulsewright_infer_start(struct pulsewright *device, const int16_t *codes);

/* Its results; waits for them on the bus unless pulsewright_wait returned OK before. BUSY (results
   of a curve are in the way); with bounded waits TIMEOUT. */
int pulsewright_infer_results(const struct pulsewright *device, int32_t *results);

/* Until no job runs or waits: ask STATUS, at most `polls` times, with PULSEWRIGHT_IDLE between, for
   which JOB_ENDED has to be enabled if it sleeps. Not for a curve of more pulse numbers than fifo_depth, which runs until its results are taken.
   TIMEOUT: jobs run on, and may be waited for again or abandoned with pulsewright_soft_clear. */
int pulsewright_wait(const struct pulsewright *device, uint32_t polls);

/* pulsewright_infer that asks STATUS at most `polls` times before it loads a result.
   OUT_OF_RANGE, BUSY, TIMEOUT (the job is abandoned). */
int pulsewright_infer_within(struct pulsewright *device, const int16_t *codes, int32_t *results,
                             uint32_t polls);

/* Reserve the next job: its identifier, 0 to 255, or BUSY, ACQUIRED, UNSUPPORTED. */
int pulsewright_acquire(const struct pulsewright *device);

/* Commit the acquired job as its registers describe it. NOT_ACQUIRED, UNSUPPORTED. */
int pulsewright_commit(const struct pulsewright *device);

/* Start a curve: results of the pulse numbers n0 to n1, with the other inputs from `codes`, whose
   code of the pulse number only has to be in range. increments: each result less the one before,
   the first as it is. Take all results with pulsewright_curve_next before any other job.
   UNSUPPORTED (also increments of results of 32 bits), OUT_OF_RANGE, BUSY, ACQUIRED. */
int pulsewright_curve_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, bool increments);

/* The next result of the curve: of each pulse number all outputs in turn. END; with bounded waits
   TIMEOUT (the curve goes on). */
int pulsewright_curve_next(struct pulsewright *device, int32_t *result);

/* The next `count` results at once. END (fewer are left, and none is taken); with bounded waits
   TIMEOUT (those before it are taken). */
int pulsewright_curve_read(struct pulsewright *device, int32_t *results, uint32_t count);

/* The next result, asking STATUS at most `polls` times whether there is one.
   END, TIMEOUT (the curve goes on, or ends with pulsewright_soft_clear). */
int pulsewright_curve_next_within(struct pulsewright *device, int32_t *result, uint32_t polls);

/* Start looking for a pulse number and return at once.
   UNSUPPORTED, OUT_OF_RANGE, BUSY, ACQUIRED. */
int pulsewright_reach_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, int32_t target);

/* After pulsewright_wait: what was found. NOT_REACHED. */
int pulsewright_reach_result(const struct pulsewright *device, uint16_t *reached);

/* The first pulse number of n0 to n1 whose first result is `target` or more.
   UNSUPPORTED, OUT_OF_RANGE, BUSY, ACQUIRED, NOT_REACHED, TIMEOUT after PULSEWRIGHT_POLLS looks
   (the job is abandoned). */
int pulsewright_reach(struct pulsewright *device, const int16_t *codes, uint16_t n0, uint16_t n1,
                      int32_t target, uint16_t *reached);

/* pulsewright_curve_start and pulsewright_reach_start with the other inputs as integers of their
   units, where the input map is in hardware. As these, and UNSUPPORTED. */
int pulsewright_curve_start_physical(struct pulsewright *device, const int32_t *physical,
                                     uint16_t n0, uint16_t n1, bool increments);
int pulsewright_reach_start_physical(struct pulsewright *device, const int32_t *physical,
                                     uint16_t n0, uint16_t n1, int32_t target);

/* Abandon all jobs and their results. Registers and weights stay. */
void pulsewright_soft_clear(struct pulsewright *device);

/* Describe layer `index`, the first being 0. OUT_OF_RANGE, NO_DEVICE (its words make no sense). */
int pulsewright_describe_layer(const struct pulsewright *device, uint32_t index,
                               struct pulsewright_layer *layer);

/* Words of an image for pulsewright_load_weights; 0 if the weights are constant, or on an error. */
uint32_t pulsewright_image_words(const struct pulsewright *device);

/* Load all weights and biases. image: of each layer the words of every step, whose byte lanes are
   pe_lane * simd + simd_lane, then one word for the bias of every neuron.
   UNSUPPORTED, OUT_OF_RANGE (another number of words), BUSY. */
int pulsewright_load_weights(const struct pulsewright *device, const uint32_t *image,
                             uint32_t words);

/* Compare all weights and biases with an image as above.
   UNSUPPORTED, OUT_OF_RANGE (another number of words), BUSY, CORRUPTED. */
int pulsewright_verify_weights(const struct pulsewright *device, const uint32_t *image,
                               uint32_t words);

/* Change one weight; layer, neuron and input are counted from 0. UNSUPPORTED, OUT_OF_RANGE, BUSY. */
int pulsewright_weight_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                             uint32_t input, int32_t weight);

/* Change one bias, an integer at the scale of the layer's accumulator. As above. */
int pulsewright_bias_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                           int32_t bias);

/* A sentence for a status, in pulsewright_text.c: costs nothing unless it is called. */
const char *pulsewright_text(int status);

#ifdef __cplusplus
}
#endif

#endif
