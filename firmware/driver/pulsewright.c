/* SPDX-License-Identifier: Apache-2.0 */
#include "pulsewright_probe.h"

#define NO_JOB_FREE 0xFFFFFFFFu
#define ACQUIRED_ALREADY 0xFFFFFFFEu
#define NONE_REACHED 0xFFFFFFFFu
#define LAYER_BYTES 16u
/* In device->job after a bus error: JOB and AUTOTRIGGER hold who knows what. */
#define UNKNOWN_JOB 0xFFFFFFFFu

static uint32_t ceil_div(uint32_t dividend, uint32_t divisor) {
    return (dividend + divisor - 1u) / divisor;
}

static uint32_t power_of_two(uint32_t count) {
    uint32_t power = 1u;
    while (power < count) {
        power <<= 1;
    }
    return power;
}

static bool fits(int32_t value, unsigned width) {
    if (width >= WORD_BITS) {
        return true;
    }
    const int32_t limit = (int32_t)(1u << (width - 1u));
    return value >= -limit && value < limit;
}

/* The logarithm of the codes in an input word: 2 of lanes of a byte, 1 of half a word. */
static unsigned log2_lanes(const struct pulsewright *device) {
    return 2u - (unsigned)device->lane_bits / 16u;
}

/* By what it checks other functions shift and index. */
static bool is_sensible(const struct pulsewright *device) {
    const bool lanes = device->lane_bits == 8u || device->lane_bits == 16u;
    const bool width = device->input_width - 1u < device->lane_bits; /* 1 to lane_bits */
    return lanes && width && device->sweep_input < device->inputs &&
           device->inputs <= PULSEWRIGHT_INPUT_WORDS << log2_lanes(device);
}

int pulsewright_probe(struct pulsewright *device, uintptr_t base) {
    int status = identify(device, base, PULSEWRIGHT_MAJOR_VERSION);
    if (status == PULSEWRIGHT_WRONG_VERSION && !pulsewright_has_jobs(device)) {
        status = PULSEWRIGHT_OK;
    }
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const uint32_t layer = describe(device);
    device->incremental = bits(layer, 8, 1) != 0u;
    device->sweep = bits(layer, 10, 1) != 0u;
    device->sweep_input = (uint8_t)bits(layer, 16, 8);
    const uint32_t range =
        pulsewright_has_jobs(device) ? pulsewright_read(device, PULSEWRIGHT_SWEEP_RANGE) : 0u;
    device->sweep_minimum = (uint16_t)bits(range, 0, 16);
    device->sweep_maximum = (uint16_t)bits(range, 16, 16);
    const bool idle = pulsewright_read(device, PULSEWRIGHT_STATUS) == 0u;
    device->outstanding = idle ? 0u : NOT_OURS;
    status = validate(device, layer, is_sensible(device));
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const unsigned log2 = log2_lanes(device);
    device->input_words = (uint8_t)((device->inputs + (1u << log2) - 1u) >> log2);
    return idle ? PULSEWRIGHT_OK : PULSEWRIGHT_BUSY;
}

int pulsewright_expect(const struct pulsewright *device, uint32_t inputs, uint32_t results,
                       uint32_t digest) {
    const bool same = device->inputs == inputs && device->results == results &&
                      (digest == 0u || device->model_digest == digest);
    return same ? PULSEWRIGHT_OK : PULSEWRIGHT_MISMATCH;
}

/* Stores that were refused must not be taken for done the next time. */
static int settled(struct pulsewright *device, int status) {
    if (status == PULSEWRIGHT_BUS_ERROR && pulsewright_has_jobs(device)) {
        device->job = UNKNOWN_JOB;
    }
    return status;
}

/* Set JOB, AUTOTRIGGER and `count` input words; with `autotrigger` the last one starts the job. */
static void describe_job(struct pulsewright *device, uint32_t job, bool autotrigger,
                         const uint32_t *words, uint32_t count) {
    if (device->autotrigger != autotrigger || device->job == UNKNOWN_JOB) {
        pulsewright_write(device, PULSEWRIGHT_AUTOTRIGGER, autotrigger ? 1u : 0u);
        device->autotrigger = autotrigger;
    }
    if (device->job != job) {
        pulsewright_write(device, PULSEWRIGHT_JOB, job);
        device->job = job;
    }
    uintptr_t address = device->base + PULSEWRIGHT_INPUT;
    for (const uint32_t *const end = words + count; words != end; words++) {
        PULSEWRIGHT_STORE(address, *words);
        address += WORD_BYTES;
    }
}

/* Codes as input words; true if all are in range. */
static bool pack(const struct pulsewright *device, const int16_t *codes, uint32_t *words) {
    const unsigned width = device->input_width;
    const unsigned lane_bits = device->lane_bits;
    const uint32_t mask = (1u << lane_bits) - 1u;
    const uint32_t offset = device->code_offset;
    const int16_t *const end = codes + device->inputs;
    uint32_t outside = 0u;
    while (codes != end) {
        uint32_t word = 0u;
        for (unsigned low = 0u; low != WORD_BITS && codes != end; low += lane_bits) {
            const uint32_t code = (uint32_t)(int32_t)*codes++;
            outside |= (code + offset) >> width;
            word |= (code & mask) << low;
        }
        *words++ = word;
    }
    return outside == 0u;
}

/* A store to the words of a job would wait too long: another one waits with what they hold, or is
   computed from them where there are no jobs. */
static bool words_wait(const struct pulsewright *device) {
    const uint32_t held =
        pulsewright_has_jobs(device) ? PULSEWRIGHT_STATUS_QUEUED : PULSEWRIGHT_STATUS_BUSY;
    return PULSEWRIGHT_BOUNDED_WAIT &&
           (pulsewright_read(device, PULSEWRIGHT_STATUS) & held) != 0u;
}

/* An inference or a sweep may begin, and `codes` are packed: OK, OUT_OF_RANGE, BUSY. */
static int ready_to_begin(const struct pulsewright *device, const int16_t *codes, uint32_t *words) {
    if (!pack(device, codes, words)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (device->outstanding != 0u || words_wait(device)) {
        return PULSEWRIGHT_BUSY;
    }
    return PULSEWRIGHT_OK;
}

int pulsewright_pack(const struct pulsewright *device, const int16_t *codes, uint32_t *words) {
    return pack(device, codes, words) ? PULSEWRIGHT_OK : PULSEWRIGHT_OUT_OF_RANGE;
}

static int begin_packed(struct pulsewright *device, uint32_t job) {
    if (PULSEWRIGHT_BOUNDED_WAIT) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (device->outstanding != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    describe_job(device, job, true, &device->job, 0u);
    return settled(device, checked(PULSEWRIGHT_OK));
}

int pulsewright_packed_begin(struct pulsewright *device) {
    return begin_packed(device, PULSEWRIGHT_JOB_INFER);
}

int pulsewright_stream_begin(struct pulsewright *device) {
    if (!pulsewright_has_jobs(device)) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    return begin_packed(device, PULSEWRIGHT_JOB_INFER | PULSEWRIGHT_JOB_STREAM);
}

int pulsewright_steps_begin(struct pulsewright *device, const uint32_t *words,
                            struct pulsewright_steps *steps) {
    if (!device->sweep) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const int status = pulsewright_packed_begin(device);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const unsigned log2 = log2_lanes(device);
    const uint32_t index = (uint32_t)device->sweep_input >> log2;
    const uint32_t lane = device->sweep_input - (index << log2);
    for (uint32_t i = 0; i < index; i++) {
        pulsewright_write(device, PULSEWRIGHT_INPUT + WORD_BYTES * i, words[i]);
    }
    steps->address = device->base + PULSEWRIGHT_INPUT + WORD_BYTES * index;
    steps->mask = (1u << device->lane_bits) - 1u;
    steps->low = lane << (5u - log2);
    steps->others = words[index] & ~(steps->mask << steps->low);
    steps->following = words + index + 1u;
    steps->following_count = device->input_words - index - 1u;
    return checked(PULSEWRIGHT_OK);
}

/* What starts an inference, without a look at bus errors: results are loaded before that. */
static int write_inference(struct pulsewright *device, const int16_t *codes) {
    uint32_t words[PULSEWRIGHT_INPUT_WORDS];
    const int status = ready_to_begin(device, codes, words);
    if (status == PULSEWRIGHT_OK) {
        describe_job(device, PULSEWRIGHT_JOB_INFER, true, words, device->input_words);
    }
    return status;
}

int pulsewright_infer_start(struct pulsewright *device, const int16_t *codes) {
    const int status = write_inference(device, codes);
    return status == PULSEWRIGHT_OK ? settled(device, checked(status)) : status;
}

int pulsewright_infer_results(const struct pulsewright *device, int32_t *results) {
    if (device->outstanding != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    if (PULSEWRIGHT_BOUNDED_WAIT) {
        const int status = pulsewright_wait(device, PULSEWRIGHT_POLLS);
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < device->results; i++) {
        results[i] = (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT + WORD_BYTES * i);
    }
    return checked(PULSEWRIGHT_OK);
}

int pulsewright_infer(struct pulsewright *device, const int16_t *codes, int32_t *results) {
    const int status = write_inference(device, codes);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    return settled(device, pulsewright_infer_results(device, results));
}

/* Integers of units may be stored: OK, UNSUPPORTED, BUSY. */
static int ready_for_units(const struct pulsewright *device) {
    if (!pulsewright_maps_inputs(device)) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const bool busy = device->outstanding != 0u || words_wait(device);
    return busy ? PULSEWRIGHT_BUSY : PULSEWRIGHT_OK;
}

/* Store all inputs but the last, the number of which is returned. */
static uint32_t store_units(const struct pulsewright *device, const int32_t *physical) {
    const uint32_t last = device->inputs - 1u;
    for (uint32_t i = 0; i < last; i++) {
        pulsewright_put_physical(device, i, physical[i]);
    }
    return last;
}

static int write_physical(struct pulsewright *device, const int32_t *physical) {
    const int status = ready_for_units(device);
    if (status == PULSEWRIGHT_OK) {
        describe_job(device, PULSEWRIGHT_JOB_INFER, true, &device->job, 0u);
        const uint32_t last = store_units(device, physical);
        pulsewright_write(device, PULSEWRIGHT_PHYSICAL_START + WORD_BYTES * last,
                          (uint32_t)physical[last]);
    }
    return status;
}

int pulsewright_infer_physical_start(struct pulsewright *device, const int32_t *physical) {
    const int status = write_physical(device, physical);
    return status == PULSEWRIGHT_OK ? settled(device, checked(status)) : status;
}

int pulsewright_infer_physical(struct pulsewright *device, const int32_t *physical,
                               int32_t *results) {
    const int status = write_physical(device, physical);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    return settled(device, pulsewright_infer_results(device, results));
}

int pulsewright_wait(const struct pulsewright *device, uint32_t polls) {
    for (uint32_t i = 0; i < polls; i++) {
        if (PULSEWRIGHT_SLEEPS) {
            /* A job that ends after this look is pending again, and ends the sleep. */
            pulsewright_clear_pending(device, PULSEWRIGHT_JOB_ENDED);
        }
        const bool busy = pulsewright_is_busy(device);
        const int answered = checked(PULSEWRIGHT_OK);
        if (answered != PULSEWRIGHT_OK || !busy) {
            return answered;
        }
        PULSEWRIGHT_IDLE();
    }
    return PULSEWRIGHT_TIMEOUT;
}

/* Abandon a job whose wait gave this status, if it did not end in time. */
static void abandon_late(struct pulsewright *device, int status) {
    if (status == PULSEWRIGHT_TIMEOUT) {
        pulsewright_soft_clear(device);
    }
}

int pulsewright_infer_within(struct pulsewright *device, const int16_t *codes, int32_t *results,
                             uint32_t polls) {
    int status = pulsewright_infer_start(device, codes);
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_wait(device, polls);
    }
    abandon_late(device, status);
    return status == PULSEWRIGHT_OK ? pulsewright_infer_results(device, results) : status;
}

int pulsewright_acquire(const struct pulsewright *device) {
    if (!pulsewright_has_jobs(device)) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const uint32_t answer = pulsewright_read(device, PULSEWRIGHT_ACQUIRE);
    if (answer >= ACQUIRED_ALREADY) {
        return checked(answer == NO_JOB_FREE ? PULSEWRIGHT_BUSY : PULSEWRIGHT_ACQUIRED);
    }
    return checked((int)bits(answer, 0, 8));
}

int pulsewright_commit(const struct pulsewright *device) {
    if (!pulsewright_has_jobs(device)) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const uint32_t status = pulsewright_read(device, PULSEWRIGHT_STATUS);
    if ((status & PULSEWRIGHT_STATUS_ACQUIRED) == 0u) {
        return checked(PULSEWRIGHT_NOT_ACQUIRED);
    }
    pulsewright_write(device, PULSEWRIGHT_COMMIT_TRIGGER, PULSEWRIGHT_COMMIT_AND_TRIGGER);
    return checked(PULSEWRIGHT_OK);
}

/* Acquire, describe and commit a job over pulse numbers: a reach job, or a curve. */
static int start_sweep(struct pulsewright *device, uint32_t job, const int16_t *codes, uint16_t n0,
                       uint16_t n1, int32_t target) {
    uint32_t words[PULSEWRIGHT_INPUT_WORDS];
    if (!device->sweep) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (n0 > n1 || n0 < device->sweep_minimum || n1 > device->sweep_maximum) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    int status = ready_to_begin(device, codes, words);
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_acquire(device);
    }
    if (status < 0) {
        return status;
    }
    pulsewright_write(device, PULSEWRIGHT_N0, n0);
    pulsewright_write(device, PULSEWRIGHT_N1, n1);
    pulsewright_write(device, PULSEWRIGHT_TARGET, (uint32_t)target);
    describe_job(device, job, false, words, device->input_words);
    pulsewright_write(device, PULSEWRIGHT_COMMIT_TRIGGER, PULSEWRIGHT_COMMIT_AND_TRIGGER);
    status = settled(device, checked(PULSEWRIGHT_OK));
    if (status == PULSEWRIGHT_OK && job != PULSEWRIGHT_JOB_REACH) {
        /* A sum in place of a product, which small cores take from a library. */
        const uint32_t numbers = (uint32_t)n1 - n0 + 1u;
        for (uint32_t i = device->results; i != 0u; i--) {
            device->outstanding += numbers;
        }
    }
    return status;
}

int pulsewright_curve_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, bool increments) {
    /* The difference of two words has a bit more than a word. */
    if (increments && device->result_width >= WORD_BITS) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const uint32_t flags = increments ? PULSEWRIGHT_JOB_INCREMENTS : 0u;
    return start_sweep(device, PULSEWRIGHT_JOB_CURVE | flags, codes, n0, n1, 0);
}

/* A job over pulse numbers with the other inputs as integers of units. */
static int start_sweep_physical(struct pulsewright *device, uint32_t job, const int32_t *physical,
                                uint16_t n0, uint16_t n1, int32_t target) {
    int status = device->sweep ? ready_for_units(device) : PULSEWRIGHT_UNSUPPORTED;
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const uint32_t last = store_units(device, physical);
    pulsewright_put_physical(device, last, physical[last]);
    /* The inputs are there, so that none is left to store: who uses codes alone pays for nothing. */
    const int16_t none = 0;
    const uint8_t words = device->input_words;
    device->inputs = 0u;
    device->input_words = 0u;
    status = start_sweep(device, job, &none, n0, n1, target);
    device->inputs = (uint16_t)(last + 1u);
    device->input_words = words;
    return status;
}

int pulsewright_curve_start_physical(struct pulsewright *device, const int32_t *physical,
                                     uint16_t n0, uint16_t n1, bool increments) {
    if (increments && device->result_width >= WORD_BITS) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const uint32_t flags = increments ? PULSEWRIGHT_JOB_INCREMENTS : 0u;
    return start_sweep_physical(device, PULSEWRIGHT_JOB_CURVE | flags, physical, n0, n1, 0);
}

/* Results of a curve of ours are left. */
static bool has_results(const struct pulsewright *device) {
    return device->outstanding != 0u && device->outstanding != NOT_OURS;
}

/* The next result, which is there or is waited for on the bus. */
static int take_result(struct pulsewright *device, int32_t *result) {
    const uint32_t left = device->outstanding - 1u;
    *result = (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT_FIFO);
    device->outstanding = left;
    return checked(PULSEWRIGHT_OK);
}

int pulsewright_curve_next(struct pulsewright *device, int32_t *result) {
    if (PULSEWRIGHT_BOUNDED_WAIT) {
        return pulsewright_curve_next_within(device, result, PULSEWRIGHT_POLLS);
    }
    return has_results(device) ? take_result(device, result) : PULSEWRIGHT_END;
}

int pulsewright_curve_read(struct pulsewright *device, int32_t *results, uint32_t count) {
    if (count > device->outstanding || device->outstanding == NOT_OURS) {
        return PULSEWRIGHT_END;
    }
    if (PULSEWRIGHT_BOUNDED_WAIT) {
        int status = PULSEWRIGHT_OK;
        while (status == PULSEWRIGHT_OK && count-- != 0u) {
            status = pulsewright_curve_next(device, results++);
        }
        return status;
    }
    const uintptr_t fifo = device->base + PULSEWRIGHT_RESULT_FIFO;
    device->outstanding -= count;
    for (const int32_t *const end = results + count; results != end; results++) {
        *results = (int32_t)PULSEWRIGHT_LOAD(fifo);
    }
    return checked(PULSEWRIGHT_OK);
}

int pulsewright_curve_next_within(struct pulsewright *device, int32_t *result, uint32_t polls) {
    for (uint32_t i = 0; has_results(device) && i < polls; i++) {
        const uint32_t status = pulsewright_read(device, PULSEWRIGHT_STATUS);
        const int answered = checked(PULSEWRIGHT_OK);
        if (answered != PULSEWRIGHT_OK) {
            return answered;
        }
        if ((status & PULSEWRIGHT_STATUS_FIFO_LEVEL) != 0u) {
            return take_result(device, result);
        }
        /* No PULSEWRIGHT_IDLE: it sleeps until the end of a job, not until a result. */
    }
    return has_results(device) ? PULSEWRIGHT_TIMEOUT : PULSEWRIGHT_END;
}

int pulsewright_reach_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, int32_t target) {
    return start_sweep(device, PULSEWRIGHT_JOB_REACH, codes, n0, n1, target);
}

int pulsewright_reach_start_physical(struct pulsewright *device, const int32_t *physical,
                                     uint16_t n0, uint16_t n1, int32_t target) {
    return start_sweep_physical(device, PULSEWRIGHT_JOB_REACH, physical, n0, n1, target);
}

int pulsewright_reach_result(const struct pulsewright *device, uint16_t *reached) {
    const uint32_t number = pulsewright_read(device, PULSEWRIGHT_REACHED_N);
    if (number == NONE_REACHED) {
        return checked(PULSEWRIGHT_NOT_REACHED);
    }
    *reached = (uint16_t)number;
    return checked(PULSEWRIGHT_OK);
}

int pulsewright_reach(struct pulsewright *device, const int16_t *codes, uint16_t n0, uint16_t n1,
                      int32_t target, uint16_t *reached) {
    int status = start_sweep(device, PULSEWRIGHT_JOB_REACH, codes, n0, n1, target);
    if (status == PULSEWRIGHT_OK) {
        status = pulsewright_wait(device, PULSEWRIGHT_POLLS);
    }
    abandon_late(device, status);
    return status == PULSEWRIGHT_OK ? pulsewright_reach_result(device, reached) : status;
}

void pulsewright_soft_clear(struct pulsewright *device) {
    pulsewright_write(device, PULSEWRIGHT_SOFT_CLEAR, PULSEWRIGHT_CLEAR_STATE);
    device->outstanding = 0u;
}

int pulsewright_describe_layer(const struct pulsewright *device, uint32_t index,
                               struct pulsewright_layer *layer) {
    if (!pulsewright_has_jobs(device) && !device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (index >= device->layers) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    const uint32_t offset = PULSEWRIGHT_LAYER + LAYER_BYTES * index;
    const uint32_t shape = pulsewright_read(device, offset);
    const uint32_t folding = pulsewright_read(device, offset + 4u);
    const uint32_t format = pulsewright_read(device, offset + 8u);
    const uint32_t window = pulsewright_read(device, offset + 12u);
    layer->inputs = (uint16_t)bits(shape, 0, 16);
    layer->neurons = (uint16_t)bits(shape, 16, 16);
    layer->pe = (uint16_t)bits(folding, 0, 16);
    layer->simd = (uint16_t)bits(folding, 16, 16);
    layer->weight_width = (uint8_t)bits(format, 0, 8);
    layer->bias_width = (uint8_t)bits(format, 8, 8);
    layer->row_words = (uint16_t)bits(format, 16, 16);
    layer->weights = WORD_BYTES * bits(window, 0, 16);
    layer->biases = WORD_BYTES * bits(window, 16, 16);
    /* No layer has a folding of 0, by which to divide. */
    return checked(layer->pe == 0u || layer->simd == 0u ? PULSEWRIGHT_NO_DEVICE : PULSEWRIGHT_OK);
}

static uint32_t words_per_step(const struct pulsewright_layer *layer) {
    return ceil_div((uint32_t)layer->pe * layer->simd, WORD_BYTES);
}

static uint32_t steps(const struct pulsewright_layer *layer) {
    return ceil_div(layer->neurons, layer->pe) * ceil_div(layer->inputs, layer->simd);
}

static uint32_t bias_offset(const struct pulsewright_layer *layer, uint32_t neuron) {
    const uint32_t word = neuron / layer->pe * power_of_two(layer->pe) + neuron % layer->pe;
    return layer->biases + WORD_BYTES * word;
}

static int count_image_words(const struct pulsewright *device, uint32_t *words) {
    struct pulsewright_layer layer;
    *words = 0u;
    for (uint32_t i = 0; device->reloadable && i < device->layers; i++) {
        const int status = pulsewright_describe_layer(device, i, &layer);
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        *words += steps(&layer) * words_per_step(&layer) + layer.neurons;
    }
    return PULSEWRIGHT_OK;
}

uint32_t pulsewright_image_words(const struct pulsewright *device) {
    uint32_t words;
    return count_image_words(device, &words) == PULSEWRIGHT_OK ? words : 0u;
}

/* Can an image of so many words be moved now? */
static int check_image(const struct pulsewright *device, uint32_t words) {
    uint32_t expected;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const int status = count_image_words(device, &expected);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    if (words != expected) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    return checked(pulsewright_is_busy(device) ? PULSEWRIGHT_BUSY : PULSEWRIGHT_OK);
}

int pulsewright_load_weights(const struct pulsewright *device, const uint32_t *image,
                             uint32_t words) {
    struct pulsewright_layer layer;
    int status = check_image(device, words);
    for (uint32_t i = 0; status == PULSEWRIGHT_OK && i < device->layers; i++) {
        status = pulsewright_describe_layer(device, i, &layer);
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        for (uint32_t step = 0; step < steps(&layer); step++) {
            const uint32_t row = layer.weights + WORD_BYTES * layer.row_words * step;
            for (uint32_t word = 0; word < words_per_step(&layer); word++) {
                pulsewright_write(device, row + WORD_BYTES * word, *image++);
            }
        }
        for (uint32_t neuron = 0; neuron < layer.neurons; neuron++) {
            pulsewright_write(device, bias_offset(&layer, neuron), *image++);
        }
        status = checked(PULSEWRIGHT_OK);
    }
    return status;
}

/* The bits that hold weights of a word of a step; others read as they like. */
static uint32_t weight_bits(const struct pulsewright_layer *layer, uint32_t word) {
    const uint32_t multipliers = (uint32_t)layer->pe * layer->simd;
    uint32_t held = 0u;
    for (uint32_t i = 0; i < WORD_BYTES && WORD_BYTES * word + i < multipliers; i++) {
        held |= ((1u << layer->weight_width) - 1u) << 8u * i;
    }
    return held;
}

int pulsewright_verify_weights(const struct pulsewright *device, const uint32_t *image,
                               uint32_t words) {
    struct pulsewright_layer layer;
    int status = check_image(device, words);
    for (uint32_t i = 0; status == PULSEWRIGHT_OK && i < device->layers; i++) {
        uint32_t different = 0u;
        status = pulsewright_describe_layer(device, i, &layer);
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        for (uint32_t step = 0; step < steps(&layer); step++) {
            const uint32_t row = layer.weights + WORD_BYTES * layer.row_words * step;
            for (uint32_t word = 0; word < words_per_step(&layer); word++) {
                const uint32_t held = pulsewright_read(device, row + WORD_BYTES * word);
                different |= (held ^ *image++) & weight_bits(&layer, word);
            }
        }
        const uint32_t bias_bits =
            layer.bias_width >= WORD_BITS ? 0xFFFFFFFFu : (1u << layer.bias_width) - 1u;
        for (uint32_t neuron = 0; neuron < layer.neurons; neuron++) {
            const uint32_t held = pulsewright_read(device, bias_offset(&layer, neuron));
            different |= (held ^ *image++) & bias_bits;
        }
        status = checked(different != 0u ? PULSEWRIGHT_CORRUPTED : PULSEWRIGHT_OK);
    }
    return status;
}

int pulsewright_weight_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                             uint32_t input, int32_t weight) {
    struct pulsewright_layer shape;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const int status = pulsewright_describe_layer(device, layer, &shape);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    if (neuron >= shape.neurons || input >= shape.inputs) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    /* The range of weights is narrow: the most negative integer of the format is none of them. */
    if (!fits(weight, shape.weight_width) || !fits(-weight, shape.weight_width)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (pulsewright_is_busy(device)) {
        return PULSEWRIGHT_BUSY;
    }
    const uint32_t input_steps = ceil_div(shape.inputs, shape.simd);
    const uint32_t step = neuron / shape.pe * input_steps + input / shape.simd;
    const uint32_t lane = neuron % shape.pe * shape.simd + input % shape.simd;
    const uint32_t word = shape.row_words * step + lane / WORD_BYTES;
    const uint32_t offset = shape.weights + WORD_BYTES * word;
    const unsigned low = 8u * (lane % WORD_BYTES);
    /* The window takes whole words. */
    const uint32_t others = pulsewright_read(device, offset) & ~(0xFFu << low);
    pulsewright_write(device, offset, others | ((uint32_t)weight & 0xFFu) << low);
    return checked(PULSEWRIGHT_OK);
}

int pulsewright_bias_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                           int32_t bias) {
    struct pulsewright_layer shape;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    const int status = pulsewright_describe_layer(device, layer, &shape);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    if (neuron >= shape.neurons || !fits(bias, shape.bias_width)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (pulsewright_is_busy(device)) {
        return PULSEWRIGHT_BUSY;
    }
    pulsewright_write(device, bias_offset(&shape, neuron), (uint32_t)bias);
    return checked(PULSEWRIGHT_OK);
}
