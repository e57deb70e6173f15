// SPDX-License-Identifier: Apache-2.0
// Clock and reset of a SoC in Verilator. Arguments: +cycles=<limit> +image=<hex of the program>.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "Vsoc.h"
#include "verilated.h"

int main(int argc, char **argv) {
    const std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    context->commandArgs(argc, argv);
    const char *limit_text = context->commandArgsPlusMatch("cycles=");
    const char *equals = std::strchr(limit_text, '=');
    const unsigned long long limit = equals ? std::strtoull(equals + 1, nullptr, 10) : 100000000ull;
    const std::unique_ptr<Vsoc> soc{new Vsoc{context.get()}};
    // Gated clocks stand still in reset, so that only the falling edge of rst_ni resets behind them.
    soc->clk_i = 0;
    soc->rst_ni = 1;
    soc->eval();
    for (unsigned long long cycle = 0; !context->gotFinish(); cycle++) {
        if (cycle == limit) {
            VL_PRINTF("\ncycle limit\n");
            return 2;
        }
        soc->rst_ni = cycle >= 3;
        soc->clk_i = 0;
        soc->eval();
        context->timeInc(1);
        soc->clk_i = 1;
        soc->eval();
        context->timeInc(1);
    }
    soc->final();
    return 0;
}
