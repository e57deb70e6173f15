/* SPDX-License-Identifier: Apache-2.0 */
#include "pulsewright.h"

/* In the order of enum pulsewright_status: the sentence of status -i. */
static const char *const sentences[] = {
    "done",
    "no coprocessor answers at this address; check the base address, its clock and its reset",
    "the coprocessor's register map has another major version; use the driver shipped with it",
    "a code, pulse number, weight or size is out of range; n0 must not exceed n1",
    "this coprocessor has no such job or no reloadable weights",
    "jobs are in the way, or results of a curve are not taken; wait, take them, or soft clear",
    "a job is acquired already; commit it or soft clear",
    "no job is acquired; acquire one before the commit",
    "no results are left",
    "no pulse number of the range reaches the target",
    "a job did not end in the time allowed; soft clear, or allow more polls",
    "the coprocessor is of another network than this program; build both from one model",
    "an access was answered with a bus error; check the address and the interconnect",
    "weights in the coprocessor differ from the image; load them again",
    "the base address is no multiple of the coprocessor's address space; see its data sheet",
};

const char *pulsewright_text(int status) {
    const int count = (int)(sizeof sentences / sizeof sentences[0]);
    if (status > 0) {
        return sentences[0]; /* an identifier of pulsewright_acquire */
    }
    return status > -count ? sentences[-status] : "unknown status";
}
