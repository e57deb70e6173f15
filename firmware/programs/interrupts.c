/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs by an interrupt handler, by sleeping until their end, and results of curves by sleeping until
   there is one, of random length and with random gaps: none may be lost, and none may sleep for
   good. */
#include "program.h"

#include "rows.h"

#ifndef INTERRUPT_JOBS
#define INTERRUPT_JOBS 1000u
#endif
#define LONGEST_GAP 128u /* turns of a loop: shorter than some jobs take, longer than others */
#define SEED 2463534242u

#ifdef SOC_CORE_PICORV32

int main(void) {
    put_text("note this core has no interrupts here\n");
    return 0;
}

#else

#if defined(NETWORK_PULSE_INPUT) && CURVES > 0
#define LONG_JOBS 1
#else
#define LONG_JOBS 0
#endif

static struct pulsewright device;
static volatile uint32_t ended;   /* JOB_ENDED, as the handler saw it */
static volatile uint32_t refused; /* ACCESS_REFUSED */
static volatile uint32_t idle_interrupts;

/* xorshift32 (Marsaglia 2003, "Xorshift RNGs") */
static uint32_t random_word(void) {
    static uint32_t state = SEED;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void random_gap(void) {
    for (uint32_t i = random_word() % LONGEST_GAP; i != 0u; i--) {
        SOC_BARRIER();
    }
}

static void on_interrupt(void) {
    const uint32_t pending = pulsewright_pending(&device);
    pulsewright_clear_pending(&device, pending);
    (void)pulsewright_pending(&device); /* irq_o is low when the handler returns */
    ended += (pending & PULSEWRIGHT_JOB_ENDED) != 0u ? 1u : 0u;
    refused += (pending & PULSEWRIGHT_ACCESS_REFUSED) != 0u ? 1u : 0u;
    idle_interrupts += pending == 0u ? 1u : 0u;
}

#if LONG_JOBS

static uint32_t steps_to_target; /* of the reach job; its steps, if none of them reaches it */
static uint32_t reach_steps;

/* A reach job over some steps of the first curve, to one of its results or to what none reaches. */
static int start_reach(bool reachable) {
    const int32_t *const results = curve_results[0];
    reach_steps = 1u + random_word() % ((uint32_t)curve_n1[0] - curve_n0[0] + 1u);
    const int32_t target =
        reachable ? results[random_word() % reach_steps * NETWORK_OUTPUTS] : INT32_MAX;
    steps_to_target = 0u;
    while (steps_to_target < reach_steps && results[steps_to_target * NETWORK_OUTPUTS] < target) {
        steps_to_target++;
    }
    const uint16_t n1 = (uint16_t)(curve_n0[0] + reach_steps - 1u);
    return pulsewright_reach_start(&device, curve_codes[0], curve_n0[0], n1, target);
}

static bool reach_is_right(void) {
    uint16_t reached = 0u;
    const int status = pulsewright_reach_result(&device, &reached);
    if (steps_to_target == reach_steps) {
        return status == PULSEWRIGHT_NOT_REACHED;
    }
    return status == PULSEWRIGHT_OK && reached == curve_n0[0] + steps_to_target;
}

#endif

/* Every other job is an inference of the next row. */
static int start_job(uint32_t job) {
#if LONG_JOBS
    if (job % 2u != 0u) {
        return start_reach(job % 4u == 1u);
    }
#endif
    return pulsewright_infer_start(&device, row_codes[job / 2u % ROWS]);
}

static bool job_is_right(uint32_t job) {
    int32_t results[NETWORK_OUTPUTS];
#if LONG_JOBS
    if (job % 2u != 0u) {
        return reach_is_right();
    }
#endif
    bool right = pulsewright_infer_results(&device, results) == PULSEWRIGHT_OK;
    for (uint32_t i = 0; i < NETWORK_OUTPUTS; i++) {
        right = right && results[i] == row_results[job / 2u % ROWS][i];
    }
    return right;
}

/* "measure name asked .. delivered .. mismatches .. slept .." */
static uint32_t report(const char *name, uint32_t asked, uint32_t delivered, uint32_t wrong) {
    put_text("measure ");
    put_text(name);
    put_field("asked", (int32_t)asked);
    put_field("delivered", (int32_t)delivered);
    put_field("lost", (int32_t)(asked - delivered));
    put_field("mismatches", (int32_t)wrong);
    put_field("slept", (int32_t)soc_sleep_count);
    put_char('\n');
    soc_sleep_count = 0u;
    return wrong + (asked == delivered ? 0u : 1u);
}

/* Nothing runs and nothing is pending: who sleeps now sleeps for good. */
static bool nothing_will_come(void) {
    return !pulsewright_is_busy(&device) && pulsewright_pending(&device) == 0u;
}

static uint32_t jobs_by_handler(void) {
    uint32_t wrong = 0u;
    uint32_t delivered = 0u;
    ended = 0u;
    pulsewright_clear_pending(&device, PULSEWRIGHT_JOB_ENDED | PULSEWRIGHT_ACCESS_REFUSED);
    pulsewright_enable_interrupts(&device, PULSEWRIGHT_JOB_ENDED);
    soc_open_interrupt(true);
    for (uint32_t job = 0; job < INTERRUPT_JOBS; job++) {
        const uint32_t seen = ended;
        soc_take_interrupts(true);
        random_gap();
        const int status = start_job(job);
        random_gap();
        soc_take_interrupts(false);
        while (ended == seen && !nothing_will_come()) {
            soc_sleep();
            soc_take_interrupts(true);
            soc_take_interrupts(false);
        }
        delivered += ended == seen + 1u ? 1u : 0u;
        wrong += status == PULSEWRIGHT_OK && job_is_right(job) ? 0u : 1u;
    }
    wrong += ended == INTERRUPT_JOBS ? 0u : 1u;
    soc_open_interrupt(false);
    pulsewright_enable_interrupts(&device, 0u);
    return report("jobs_by_handler", INTERRUPT_JOBS, delivered, wrong);
}

static uint32_t jobs_by_sleep(void) {
    uint32_t wrong = 0u;
    uint32_t delivered = 0u;
    pulsewright_enable_interrupts(&device, PULSEWRIGHT_JOB_ENDED);
    soc_wait_by_interrupt(true);
    for (uint32_t job = 0; job < INTERRUPT_JOBS; job++) {
        random_gap();
        int status = start_job(job);
        random_gap();
        if (status == PULSEWRIGHT_OK) {
            status = pulsewright_wait(&device, PULSEWRIGHT_POLLS);
        }
        delivered += status == PULSEWRIGHT_OK ? 1u : 0u;
        wrong += status == PULSEWRIGHT_OK && job_is_right(job) ? 0u : 1u;
    }
    soc_wait_by_interrupt(false);
    pulsewright_enable_interrupts(&device, 0u);
    return report("jobs_by_sleep", INTERRUPT_JOBS, delivered, wrong);
}

#if LONG_JOBS

/* Results of one curve, as often as makes INTERRUPT_JOBS of them. */
static uint32_t results_by_sleep(void) {
    const uint32_t values = ((uint32_t)curve_n1[0] - curve_n0[0] + 1u) * NETWORK_OUTPUTS;
    uint32_t wrong = 0u;
    uint32_t asked = 0u;
    uint32_t delivered = 0u;
    pulsewright_enable_interrupts(&device, PULSEWRIGHT_FIFO_NOT_EMPTY);
    soc_open_interrupt(true);
    while (asked < INTERRUPT_JOBS) {
        int status =
            pulsewright_curve_start(&device, curve_codes[0], curve_n0[0], curve_n1[0], false);
        for (uint32_t i = 0; i < values; i++, asked++) {
            int32_t value = 0;
            /* Mostly without a gap, so that the core is ahead of the engine. */
            if (random_word() % 16u == 0u) {
                random_gap();
            }
            while ((pulsewright_pending(&device) & PULSEWRIGHT_FIFO_NOT_EMPTY) == 0u) {
                soc_sleep();
            }
            status = pulsewright_curve_next(&device, &value);
            delivered += status == PULSEWRIGHT_OK ? 1u : 0u;
            wrong += value != curve_results[0][i] ? 1u : 0u;
        }
    }
    soc_open_interrupt(false);
    pulsewright_enable_interrupts(&device, 0u);
    return report("results_by_sleep", asked, delivered, wrong);
}

#endif

/* A refused access is told, whether or not the bus told of it. */
static uint32_t refused_access(void) {
    refused = 0u;
    pulsewright_clear_pending(&device, PULSEWRIGHT_ACCESS_REFUSED);
    pulsewright_enable_interrupts(&device, PULSEWRIGHT_ACCESS_REFUSED);
    soc_open_interrupt(true);
    soc_take_interrupts(true);
    pulsewright_write(&device, PULSEWRIGHT_IDENTITY, 0u);
    (void)PULSEWRIGHT_BUS_ERRORS();
    for (uint32_t i = 0; i < LONGEST_GAP && refused == 0u; i++) {
        SOC_BARRIER();
    }
    soc_take_interrupts(false);
    soc_open_interrupt(false);
    pulsewright_enable_interrupts(&device, 0u);
    return report("refused_accesses", 1u, refused, 0u);
}

int main(void) {
    if (program_begin(&device) != PULSEWRIGHT_OK) {
        return PROGRAM_FAILED;
    }
    soc_on_interrupt = on_interrupt;
    uint32_t wrong = jobs_by_handler() + jobs_by_sleep() + refused_access();
#if LONG_JOBS
    wrong += results_by_sleep();
#endif
    put_text("measure idle_interrupts");
    put_field("taken", (int32_t)idle_interrupts);
    put_char('\n');
    return wrong == 0u ? 0 : PROGRAM_FAILED;
}

#endif
