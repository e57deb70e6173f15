// SPDX-License-Identifier: Apache-2.0
// Clock, reset and serial port of a LiteX SoC in Verilator. Argument: +cycles=<limit>.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "Vsim.h"
#include "verilated.h"

namespace {
constexpr int kEndOfTransmission = 4;
constexpr unsigned long long kResetCycles = 8;
}  // namespace

int main(int argc, char **argv) {
    const std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    context->commandArgs(argc, argv);
    const char *limit_text = context->commandArgsPlusMatch("cycles=");
    const char *equals = std::strchr(limit_text, '=');
    const unsigned long long limit = equals ? std::strtoull(equals + 1, nullptr, 10) : 100000000ull;
    const std::unique_ptr<Vsim> soc{new Vsim{context.get()}};
    soc->serial_source_ready = 1;
    soc->serial_sink_valid = 0;
    soc->serial_sink_data = 0;
    for (unsigned long long cycle = 0; cycle < limit; cycle++) {
        soc->sys_rst = cycle < kResetCycles;
        soc->sys_clk = 0;
        soc->eval();
        context->timeInc(1);
        const bool sent = soc->serial_source_valid && !soc->sys_rst;
        const int character = soc->serial_source_data;
        soc->sys_clk = 1;
        soc->eval();
        context->timeInc(1);
        if (sent && character == kEndOfTransmission) {
            std::printf("cycles %llu\n", cycle);
            soc->final();
            return 0;
        }
        if (sent) std::putchar(character);
    }
    std::printf("\ncycle limit\n");
    return 2;
}
