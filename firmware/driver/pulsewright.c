/* SPDX-License-Identifier: Apache-2.0 */
#include "pulsewright.h"

#define NO_JOB_FREE 0xFFFFFFFFu
#define ACQUIRED_ALREADY 0xFFFFFFFEu
#define NONE_REACHED 0xFFFFFFFFu
#define WORD_BITS 32u
#define WORD_BYTES 4u
#define LAYER_BYTES 16u

static uint32_t bits(uint32_t word, unsigned low, unsigned count) {
    return (word >> low) & ((1u << count) - 1u);
}

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

int pulsewright_probe(struct pulsewright *device, uintptr_t base) {
    device->base = base;
    if (pulsewright_read(device, PULSEWRIGHT_IDENTITY) != PULSEWRIGHT_IDENTITY_WORD) {
        return PULSEWRIGHT_NO_DEVICE;
    }
    device->version = pulsewright_read(device, PULSEWRIGHT_VERSION);
    if (bits(device->version, 16, 16) != PULSEWRIGHT_MAJOR_VERSION) {
        return PULSEWRIGHT_WRONG_VERSION;
    }
    const uint32_t input = pulsewright_read(device, PULSEWRIGHT_INPUT_CAPABILITY);
    device->inputs = (uint16_t)bits(input, 0, 16);
    device->input_width = (uint8_t)bits(input, 16, 8);
    device->lane_bits = (uint8_t)bits(input, 24, 8);
    const uint32_t result = pulsewright_read(device, PULSEWRIGHT_RESULT_CAPABILITY);
    const uint32_t frac = bits(result, 24, 8);
    device->results = (uint16_t)bits(result, 0, 16);
    device->result_width = (uint8_t)bits(result, 16, 8);
    device->result_frac = (int8_t)(frac < 128u ? (int32_t)frac : (int32_t)frac - 256);
    const uint32_t layer = pulsewright_read(device, PULSEWRIGHT_LAYER_CAPABILITY);
    device->layers = (uint8_t)bits(layer, 0, 8);
    device->incremental = bits(layer, 8, 1) != 0u;
    device->reloadable = bits(layer, 9, 1) != 0u;
    device->sweep = bits(layer, 10, 1) != 0u;
    device->sweep_input = (uint8_t)bits(layer, 16, 8);
    device->fifo_depth = (uint8_t)bits(layer, 24, 8);
    const uint32_t range = pulsewright_read(device, PULSEWRIGHT_SWEEP_RANGE);
    device->sweep_minimum = (uint16_t)bits(range, 0, 16);
    device->sweep_maximum = (uint16_t)bits(range, 16, 16);
    device->model_digest = pulsewright_read(device, PULSEWRIGHT_MODEL_DIGEST);
    device->autotrigger = bits(pulsewright_read(device, PULSEWRIGHT_AUTOTRIGGER), 0, 1) != 0u;
    device->job = pulsewright_read(device, PULSEWRIGHT_JOB);
    device->outstanding = 0u;
    return PULSEWRIGHT_OK;
}

static void set_autotrigger(struct pulsewright *device, bool enable) {
    if (device->autotrigger != enable) {
        pulsewright_write(device, PULSEWRIGHT_AUTOTRIGGER, enable ? 1u : 0u);
        device->autotrigger = enable;
    }
}

static void set_job(struct pulsewright *device, uint32_t job) {
    if (device->job != job) {
        pulsewright_write(device, PULSEWRIGHT_JOB, job);
        device->job = job;
    }
}

static bool codes_fit(const struct pulsewright *device, const int16_t *codes) {
    for (uint32_t i = 0; i < device->inputs; i++) {
        if (!fits(codes[i], device->input_width)) {
            return false;
        }
    }
    return true;
}

static void write_codes(const struct pulsewright *device, const int16_t *codes) {
    const uint32_t mask = (1u << device->lane_bits) - 1u;
    uint32_t offset = PULSEWRIGHT_INPUT;
    uint32_t word = 0u;
    unsigned low = 0u;
    for (uint32_t i = 0; i < device->inputs; i++) {
        word |= ((uint32_t)(int32_t)codes[i] & mask) << low;
        low += device->lane_bits;
        if (low == WORD_BITS || i + 1u == device->inputs) {
            pulsewright_write(device, offset, word);
            offset += WORD_BYTES;
            word = 0u;
            low = 0u;
        }
    }
}

int pulsewright_infer(struct pulsewright *device, const int16_t *codes, int32_t *results) {
    if (!codes_fit(device, codes)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (device->outstanding != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    set_job(device, PULSEWRIGHT_JOB_INFER);
    set_autotrigger(device, true);
    write_codes(device, codes);
    for (uint32_t i = 0; i < device->results; i++) {
        results[i] = (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT + WORD_BYTES * i);
    }
    return PULSEWRIGHT_OK;
}

int pulsewright_acquire(const struct pulsewright *device) {
    const uint32_t answer = pulsewright_read(device, PULSEWRIGHT_ACQUIRE);
    if (answer == NO_JOB_FREE) {
        return PULSEWRIGHT_BUSY;
    }
    return answer == ACQUIRED_ALREADY ? PULSEWRIGHT_ACQUIRED : (int)answer;
}

int pulsewright_commit(const struct pulsewright *device) {
    const uint32_t status = pulsewright_read(device, PULSEWRIGHT_STATUS);
    if ((status & PULSEWRIGHT_STATUS_ACQUIRED) == 0u) {
        return PULSEWRIGHT_NOT_ACQUIRED;
    }
    pulsewright_write(device, PULSEWRIGHT_COMMIT_TRIGGER, 0u);
    return PULSEWRIGHT_OK;
}

/* Acquire, describe and commit a job over pulse numbers. */
static int start_sweep(struct pulsewright *device, uint32_t job, const int16_t *codes, uint16_t n0,
                       uint16_t n1, int32_t target) {
    if (!device->sweep) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (n0 > n1 || n0 < device->sweep_minimum || n1 > device->sweep_maximum ||
        !codes_fit(device, codes)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (device->outstanding != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    const int identifier = pulsewright_acquire(device);
    if (identifier < 0) {
        return identifier;
    }
    /* Else the last input word would commit the job. */
    set_autotrigger(device, false);
    set_job(device, job);
    pulsewright_write(device, PULSEWRIGHT_N0, n0);
    pulsewright_write(device, PULSEWRIGHT_N1, n1);
    pulsewright_write(device, PULSEWRIGHT_TARGET, (uint32_t)target);
    write_codes(device, codes);
    return pulsewright_commit(device);
}

int pulsewright_curve_start(struct pulsewright *device, const int16_t *codes, uint16_t n0,
                            uint16_t n1, bool increments) {
    const uint32_t flags = increments ? PULSEWRIGHT_JOB_INCREMENTS : 0u;
    const int status = start_sweep(device, PULSEWRIGHT_JOB_CURVE | flags, codes, n0, n1, 0);
    if (status == PULSEWRIGHT_OK) {
        device->outstanding = ((uint32_t)n1 - n0 + 1u) * device->results;
    }
    return status;
}

int pulsewright_curve_next(struct pulsewright *device, int32_t *result) {
    if (device->outstanding == 0u) {
        return PULSEWRIGHT_END;
    }
    *result = (int32_t)pulsewright_read(device, PULSEWRIGHT_RESULT_FIFO);
    device->outstanding--;
    return PULSEWRIGHT_OK;
}

int pulsewright_reach(struct pulsewright *device, const int16_t *codes, uint16_t n0, uint16_t n1,
                      int32_t target, uint16_t *reached) {
    const int status = start_sweep(device, PULSEWRIGHT_JOB_REACH, codes, n0, n1, target);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    while (pulsewright_is_busy(device)) {
    }
    const uint32_t number = pulsewright_read(device, PULSEWRIGHT_REACHED_N);
    if (number == NONE_REACHED) {
        return PULSEWRIGHT_NOT_REACHED;
    }
    *reached = (uint16_t)number;
    return PULSEWRIGHT_OK;
}

void pulsewright_soft_clear(struct pulsewright *device) {
    pulsewright_write(device, PULSEWRIGHT_SOFT_CLEAR, 0u);
    device->outstanding = 0u;
}

int pulsewright_describe_layer(const struct pulsewright *device, uint32_t index,
                               struct pulsewright_layer *layer) {
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
    return PULSEWRIGHT_OK;
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

uint32_t pulsewright_image_words(const struct pulsewright *device) {
    struct pulsewright_layer layer;
    uint32_t words = 0u;
    for (uint32_t i = 0; device->reloadable && i < device->layers; i++) {
        (void)pulsewright_describe_layer(device, i, &layer);
        words += steps(&layer) * words_per_step(&layer) + layer.neurons;
    }
    return words;
}

int pulsewright_load_weights(const struct pulsewright *device, const uint32_t *image,
                             uint32_t words) {
    struct pulsewright_layer layer;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (words != pulsewright_image_words(device)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (pulsewright_is_busy(device)) {
        return PULSEWRIGHT_BUSY;
    }
    for (uint32_t i = 0; i < device->layers; i++) {
        (void)pulsewright_describe_layer(device, i, &layer);
        for (uint32_t step = 0; step < steps(&layer); step++) {
            const uint32_t row = layer.weights + WORD_BYTES * layer.row_words * step;
            for (uint32_t word = 0; word < words_per_step(&layer); word++) {
                pulsewright_write(device, row + WORD_BYTES * word, *image++);
            }
        }
        for (uint32_t neuron = 0; neuron < layer.neurons; neuron++) {
            pulsewright_write(device, bias_offset(&layer, neuron), *image++);
        }
    }
    return PULSEWRIGHT_OK;
}

int pulsewright_weight_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                             uint32_t input, int32_t weight) {
    struct pulsewright_layer shape;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (pulsewright_describe_layer(device, layer, &shape) != PULSEWRIGHT_OK ||
        neuron >= shape.neurons || input >= shape.inputs) {
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
    return PULSEWRIGHT_OK;
}

int pulsewright_bias_write(const struct pulsewright *device, uint32_t layer, uint32_t neuron,
                           int32_t bias) {
    struct pulsewright_layer shape;
    if (!device->reloadable) {
        return PULSEWRIGHT_UNSUPPORTED;
    }
    if (pulsewright_describe_layer(device, layer, &shape) != PULSEWRIGHT_OK ||
        neuron >= shape.neurons || !fits(bias, shape.bias_width)) {
        return PULSEWRIGHT_OUT_OF_RANGE;
    }
    if (pulsewright_is_busy(device)) {
        return PULSEWRIGHT_BUSY;
    }
    pulsewright_write(device, bias_offset(&shape, neuron), (uint32_t)bias);
    return PULSEWRIGHT_OK;
}
