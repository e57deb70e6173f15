// SPDX-License-Identifier: Apache-2.0
// Clock and reset of the checked engines in Verilator. Argument: +cycles=<limit>.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "Vchecked_engines.h"
#include "verilated.h"

int main(int argc, char **argv) {
    const std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    context->commandArgs(argc, argv);
    // Registers without a reset start with random bits.
    context->randReset(2);
    context->randSeed(1);
    const char *equals = std::strchr(context->commandArgsPlusMatch("cycles="), '=');
    const unsigned long long limit = equals ? std::strtoull(equals + 1, nullptr, 10) : 1000000ull;
    const std::unique_ptr<Vchecked_engines> engines{new Vchecked_engines{context.get()}};
    engines->rst_ni = 1;
    engines->clk_i = 0;
    engines->eval();
    for (unsigned long long cycle = 0; cycle < limit && !engines->done_o; cycle++) {
        engines->rst_ni = cycle >= 3;
        engines->clk_i = 0;
        engines->eval();
        context->timeInc(1);
        engines->clk_i = 1;
        engines->eval();
        context->timeInc(1);
    }
    engines->final();
    return 0;
}
