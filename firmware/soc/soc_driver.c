/* SPDX-License-Identifier: Apache-2.0 */
#include "soc_driver.h"

#include "pulsewright.c"
