/* SPDX-License-Identifier: Apache-2.0 */
#include "pulsewright_windowed.h"

#include "pulsewright_probe.h"

/* By what it checks other functions shift and count. */
static bool is_sensible(const struct pulsewright *device) {
    const unsigned lane_bits = device->lane_bits;
    const bool lanes = lane_bits != 0u && lane_bits <= CODE_BITS && CODE_BITS % lane_bits == 0u;
    const bool width = lanes && device->input_width - 1u < lane_bits; /* 1 to lane_bits */
    return width && device->inputs != 0u && device->results != 0u;
}

int pulsewright_windowed_probe(struct pulsewright_windowed *windowed, uintptr_t base) {
    struct pulsewright *const device = &windowed->device;
    int status = identify(device, base, PULSEWRIGHT_WINDOWED_MAJOR_VERSION);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const uint32_t layer = describe(device);
    device->incremental = false;
    device->sweep = false;
    device->sweep_input = 0u;
    device->sweep_minimum = 0u;
    device->sweep_maximum = 0u;
    device->input_words = 0u;
    device->outstanding = 0u;
    windowed->inputs = base + pulsewright_read(device, PULSEWRIGHT_INPUT_WINDOW);
    windowed->results = base + pulsewright_read(device, PULSEWRIGHT_RESULT_WINDOW);
    const bool idle = pulsewright_read(device, PULSEWRIGHT_STATUS) == 0u;
    windowed->started = idle ? 0u : NOT_OURS;
    windowed->startable = device->fifo_depth + 1u;
    status = validate(device, layer, is_sensible(device));
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    const uint32_t code_bits = (uint32_t)device->inputs * device->lane_bits;
    windowed->input_words = (code_bits + WORD_BITS - 1u) / WORD_BITS;
    return idle ? PULSEWRIGHT_OK : PULSEWRIGHT_BUSY;
}

/* The next input word of `codes`, of which those past `end` are 0; true if all are in range. */
static bool pack_word(const struct pulsewright *device, const int16_t **codes, const int16_t *end,
                      uint32_t *word) {
    const unsigned lane_bits = device->lane_bits;
    const uint32_t mask = (1u << lane_bits) - 1u;
    const int16_t *code = *codes;
    uint32_t outside = 0u;
    *word = 0u;
    for (unsigned low = 0u; low != WORD_BITS && code != end; low += lane_bits) {
        const uint32_t value = (uint32_t)(int32_t)*code++;
        outside |= (value + device->code_offset) >> device->input_width;
        *word |= (value & mask) << low;
    }
    *codes = code;
    return outside == 0u;
}

int pulsewright_windowed_pack(const struct pulsewright_windowed *windowed, const int16_t *codes,
                              uint32_t *words) {
    const int16_t *const end = codes + windowed->device.inputs;
    bool in_range = true;
    while (codes != end) {
        in_range = pack_word(&windowed->device, &codes, end, words++) && in_range;
    }
    return in_range ? PULSEWRIGHT_OK : PULSEWRIGHT_OUT_OF_RANGE;
}

/* A vector may be stored, and its last word will start it: OK, BUSY. */
static int begin(struct pulsewright_windowed *windowed) {
    struct pulsewright *const device = &windowed->device;
    if (windowed->started >= windowed->startable) {
        return PULSEWRIGHT_BUSY;
    }
    if (PULSEWRIGHT_BOUNDED_WAIT &&
        (pulsewright_read(device, PULSEWRIGHT_STATUS) & PULSEWRIGHT_STATUS_QUEUED) != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    if (device->job != PULSEWRIGHT_JOB_INFER) {
        pulsewright_write(device, PULSEWRIGHT_JOB, PULSEWRIGHT_JOB_INFER);
        device->job = PULSEWRIGHT_JOB_INFER;
    }
    if (!device->autotrigger) {
        pulsewright_write(device, PULSEWRIGHT_AUTOTRIGGER, 1u);
        device->autotrigger = true;
    }
    return PULSEWRIGHT_OK;
}

/* A vector was stored; what was refused is not taken for started, and set again the next time. */
static int started(struct pulsewright_windowed *windowed) {
    const int status = checked(PULSEWRIGHT_OK);
    if (status == PULSEWRIGHT_OK) {
        windowed->started++;
    } else {
        windowed->device.autotrigger = false;
    }
    return status;
}

int pulsewright_windowed_start(struct pulsewright_windowed *windowed, const int16_t *codes) {
    const int16_t *const end = codes + windowed->device.inputs;
    uintptr_t address = windowed->inputs;
    bool in_range = true;
    const int status = begin(windowed);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    while (codes != end) {
        uint32_t word;
        in_range = pack_word(&windowed->device, &codes, end, &word) && in_range;
        if (codes == end && !in_range) {
            return checked(PULSEWRIGHT_OUT_OF_RANGE);
        }
        PULSEWRIGHT_STORE(address, word);
        address += WORD_BYTES;
    }
    return started(windowed);
}

int pulsewright_windowed_start_packed(struct pulsewright_windowed *windowed,
                                      const uint32_t *words) {
    const uint32_t *const end = words + windowed->input_words;
    uintptr_t address = windowed->inputs;
    const int status = begin(windowed);
    if (status != PULSEWRIGHT_OK) {
        return status;
    }
    while (words != end) {
        PULSEWRIGHT_STORE(address, *words++);
        address += WORD_BYTES;
    }
    return started(windowed);
}

/* Results that are there, or that the first load waits for on the bus. */
static int load_results(struct pulsewright_windowed *windowed, int32_t *results) {
    uintptr_t address = windowed->results;
    for (const int32_t *const end = results + windowed->device.results; results != end; results++) {
        *results = (int32_t)PULSEWRIGHT_LOAD(address);
        address += WORD_BYTES;
    }
    windowed->started--;
    return checked(PULSEWRIGHT_OK);
}

/* Vectors of ours are on the way. */
static bool has_started(const struct pulsewright_windowed *windowed) {
    return windowed->started != 0u && windowed->started != NOT_OURS;
}

int pulsewright_windowed_results(struct pulsewright_windowed *windowed, int32_t *results) {
    if (PULSEWRIGHT_BOUNDED_WAIT) {
        return pulsewright_windowed_results_within(windowed, results, PULSEWRIGHT_POLLS);
    }
    return has_started(windowed) ? load_results(windowed, results) : PULSEWRIGHT_END;
}

int pulsewright_windowed_results_within(struct pulsewright_windowed *windowed, int32_t *results,
                                        uint32_t polls) {
    for (uint32_t i = 0; has_started(windowed) && i < polls; i++) {
        const uint32_t status = pulsewright_read(&windowed->device, PULSEWRIGHT_STATUS);
        const int answered = checked(PULSEWRIGHT_OK);
        if (answered != PULSEWRIGHT_OK) {
            return answered;
        }
        if ((status & PULSEWRIGHT_STATUS_FIFO_LEVEL) != 0u) {
            return load_results(windowed, results);
        }
    }
    return has_started(windowed) ? PULSEWRIGHT_TIMEOUT : PULSEWRIGHT_END;
}

int pulsewright_windowed_infer(struct pulsewright_windowed *windowed, const int16_t *codes,
                               int32_t *results) {
    if (windowed->started != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    const int status = pulsewright_windowed_start(windowed, codes);
    return status == PULSEWRIGHT_OK ? pulsewright_windowed_results(windowed, results) : status;
}

/* Start vectors of codes, or of words if there are any, as far as they may be: OK or why not. */
static int start_more(struct pulsewright_windowed *windowed, const int16_t **codes,
                      const uint32_t **words, uint32_t *left) {
    while (*left != 0u && windowed->started != windowed->startable) {
        const int status = *words != 0 ? pulsewright_windowed_start_packed(windowed, *words)
                                       : pulsewright_windowed_start(windowed, *codes);
        if (PULSEWRIGHT_BOUNDED_WAIT && status == PULSEWRIGHT_BUSY) {
            break; /* one waits for another; results are loaded meanwhile */
        }
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        if (*words != 0) {
            *words += windowed->input_words;
        } else {
            *codes += windowed->device.inputs;
        }
        (*left)--;
    }
    return PULSEWRIGHT_OK;
}

static int stream(struct pulsewright_windowed *windowed, const int16_t *codes,
                  const uint32_t *words, uint32_t rows, int32_t *results) {
    uint32_t left = rows;
    if (windowed->started != 0u) {
        return PULSEWRIGHT_BUSY;
    }
    for (; rows != 0u; rows--) {
        int status = start_more(windowed, &codes, &words, &left);
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_windowed_results(windowed, results);
        }
        if (status != PULSEWRIGHT_OK) {
            return status;
        }
        results += windowed->device.results;
    }
    return PULSEWRIGHT_OK;
}

int pulsewright_windowed_stream(struct pulsewright_windowed *windowed, const int16_t *codes,
                                uint32_t rows, int32_t *results) {
    return stream(windowed, codes, 0, rows, results);
}

int pulsewright_windowed_stream_packed(struct pulsewright_windowed *windowed, const uint32_t *words,
                                       uint32_t rows, int32_t *results) {
    return stream(windowed, 0, words, rows, results);
}

void pulsewright_windowed_soft_clear(struct pulsewright_windowed *windowed) {
    pulsewright_soft_clear(&windowed->device);
    windowed->started = 0u;
}
