/* SPDX-License-Identifier: Apache-2.0 */
/* Plain loops, layer after layer. */
#include "mlp_dense.h"

void mlp_plain(const network_code *codes, int32_t *results) {
    int32_t first[NETWORK_LARGEST];
    int32_t second[NETWORK_LARGEST];
    int32_t *x = first;
    int32_t *y = second;
    for (uint32_t i = 0; i < NETWORK_INPUTS; i++) {
        x[i] = codes[i];
    }
#define HIDDEN(k)                                                                                 \
    do {                                                                                           \
        mlp_dense(MLP_HIDDEN(k), x, y);                                                            \
        int32_t *const swapped = x;                                                                \
        x = y;                                                                                     \
        y = swapped;                                                                               \
    } while (0);
    NETWORK_FOR_EACH_HIDDEN(HIDDEN)
#if NETWORK_ARGMAX
    mlp_dense(MLP_OUTPUT, x, y);
    results[0] = 0;
    for (int32_t j = 1; j < MLP_OUTPUT.neurons; j++) {
        if (y[j] > y[results[0]]) {
            results[0] = j;
        }
    }
#else
    (void)y;
    mlp_dense(MLP_OUTPUT, x, results);
#endif
}
