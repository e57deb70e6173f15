// SPDX-License-Identifier: Apache-2.0
// Draws vectors, drives the engine's streams with pauses on both sides, and compares each result with
// the kernel. Arguments: vectors, seed. The last line of its output is what it found, as JSON.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <random>
#include <type_traits>
#include <vector>

#include "Vvolume.h"
#include "verilated.h"
#include "volume_design.h"

namespace {

using volume::Input;
using volume::Output;

// A result that does not come for so many cycles does not come at all.
constexpr std::uint64_t PATIENCE = 1u << 20;
constexpr std::uint64_t PHASE_CYCLES = 1u << 12;
constexpr std::uint64_t PROGRESS_VECTORS = 1u << 18;

constexpr int words_of(int bits) { return (bits + 31) / 32; }
typedef std::vector<std::uint32_t> Bits;

template <typename Port>
typename std::enable_if<std::is_integral<Port>::value>::type load(Port &port, const Bits &bits) {
    std::uint64_t value = bits[0];
    if (bits.size() > 1) value |= static_cast<std::uint64_t>(bits[1]) << 32;
    port = static_cast<Port>(value);
}

template <typename Port>
typename std::enable_if<!std::is_integral<Port>::value>::type load(Port &port, const Bits &bits) {
    for (std::size_t word = 0; word < bits.size(); ++word) port[word] = bits[word];
}

template <typename Port>
typename std::enable_if<std::is_integral<Port>::value>::type read(const Port &port, Bits &bits) {
    bits[0] = static_cast<std::uint32_t>(port);
    if (bits.size() > 1) bits[1] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(port) >> 32);
}

template <typename Port>
typename std::enable_if<!std::is_integral<Port>::value>::type read(const Port &port, Bits &bits) {
    for (std::size_t word = 0; word < bits.size(); ++word) bits[word] = port[word];
}

void put(Bits &bits, int first, int width, std::int64_t value) {
    for (int bit = 0; bit < width; ++bit) {
        const std::uint32_t mask = 1u << ((first + bit) % 32);
        std::uint32_t &word = bits[(first + bit) / 32];
        word = (value >> bit & 1) ? word | mask : word & ~mask;
    }
}

std::int64_t get(const Bits &bits, int first, int width, bool is_signed) {
    std::uint64_t value = 0;
    for (int bit = 0; bit < width; ++bit) {
        value |= static_cast<std::uint64_t>(bits[(first + bit) / 32] >> ((first + bit) % 32) & 1) << bit;
    }
    if (is_signed && width < 64 && (value >> (width - 1) & 1)) value |= ~0ull << width;
    return static_cast<std::int64_t>(value);
}

typedef std::vector<std::int64_t> Vector;

// Vectors at the ends of the range and near the one before are as frequent as any others.
class Stimulus {
public:
    explicit Stimulus(std::uint64_t seed) : random(seed), last(Input::COUNT, Input::LEAST) {}

    const Vector &next() {
        switch (random() % 8) {
        case 0:
            for (std::int64_t &code : last) code = end();
            break;
        case 1: {
            const std::int64_t code = end();
            for (std::int64_t &one : last) one = code;
            break;
        }
        case 2:
        case 3:
            last[random() % last.size()] = any();
            break;
        case 4:
            for (std::int64_t &code : last) code = near_zero();
            break;
        default:
            for (std::int64_t &code : last) code = any();
        }
        return last;
    }

    std::mt19937_64 random;

private:
    std::int64_t any() {
        constexpr std::uint64_t span = static_cast<std::uint64_t>(Input::MOST - Input::LEAST) + 1;
        return Input::LEAST + static_cast<std::int64_t>(random() % span);
    }
    std::int64_t end() { return random() & 1 ? Input::LEAST : Input::MOST; }
    std::int64_t near_zero() {
        const std::int64_t code = static_cast<std::int64_t>(random() % 5) - 2;
        return code < Input::LEAST ? Input::LEAST : code > Input::MOST ? Input::MOST : code;
    }

    Vector last;
};

// In 256ths: how often a side is ready, anew for each phase; half of the phases have no pauses.
unsigned drawn_readiness(std::mt19937_64 &random) {
    static const unsigned READINESS[] = {256, 256, 256, 256, 230, 128, 60, 10};
    return READINESS[random() % 8];
}

void print_list(const char *name, const Vector &list) {
    std::printf(", \"%s\": [", name);
    for (std::size_t one = 0; one < list.size(); ++one) {
        std::printf("%s%lld", one ? ", " : "", static_cast<long long>(list[one]));
    }
    std::printf("]");
}

struct Expected {
    Vector codes, results;
};

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const std::uint64_t vectors = std::strtoull(argv[1], nullptr, 10);
    Stimulus stimulus(std::strtoull(argv[2], nullptr, 10));
    // Pauses are drawn apart, so that a seed has the same vectors in every engine.
    std::mt19937_64 pauses(~std::strtoull(argv[2], nullptr, 10));
    const std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    const std::unique_ptr<Vvolume> engine{new Vvolume{context.get()}};
    engine->clk_i = 0;
    engine->rst_ni = 1;
    engine->eval();
    for (int cycle = 0; cycle < 3; ++cycle) {
        engine->rst_ni = 0;
        engine->clk_i = 0;
        engine->eval();
        engine->clk_i = 1;
        engine->eval();
    }
    engine->rst_ni = 1;

    std::deque<Expected> waiting;
    Expected first;
    Vector found_first;
    Bits input(words_of(Input::COUNT * Input::BITS)), output(words_of(Output::COUNT * Output::BITS));
    std::uint64_t sent = 0, compared = 0, mismatches = 0, cycles = 0, last_result = 0, stalls = 0;
    unsigned valid_readiness = 256, ready_readiness = 256;
    bool offering = false, stuck = false;
    Expected offered;
    while (compared < vectors) {
        if (cycles % PHASE_CYCLES == 0) {
            valid_readiness = drawn_readiness(pauses);
            ready_readiness = drawn_readiness(pauses);
        }
        if (!offering && sent < vectors && pauses() % 256 < valid_readiness) {
            offered.codes = stimulus.next();
            offered.results.assign(Output::COUNT, 0);
            volume::reference(offered.codes.data(), offered.results.data());
            for (int one = 0; one < Input::COUNT; ++one) {
                put(input, one * Input::BITS, Input::BITS, offered.codes[one]);
            }
            load(engine->vector_data_i, input);
            offering = true;
        }
        engine->vector_valid_i = offering;
        engine->result_ready_i = pauses() % 256 < ready_readiness;
        engine->clk_i = 0;
        engine->eval();
        const bool is_taken = offering && engine->vector_ready_o;
        const bool is_result = engine->result_valid_o && engine->result_ready_i;
        stalls += engine->result_valid_o && !engine->result_ready_i;
        if (is_result) {
            read(engine->result_data_o, output);
            Vector found(Output::COUNT);
            for (int one = 0; one < Output::COUNT; ++one) {
                found[one] = get(output, one * Output::BITS, Output::BITS, Output::SIGNED);
            }
            // A result that nobody asked for is as wrong as a wrong one.
            const bool is_right = !waiting.empty() && waiting.front().results == found;
            if (!is_right && mismatches++ == 0) {
                if (!waiting.empty()) first = waiting.front();
                found_first = found;
            }
            if (!waiting.empty()) waiting.pop_front();
            last_result = cycles;
            if (++compared % PROGRESS_VECTORS == 0) {
                std::printf("%llu\n", static_cast<unsigned long long>(compared));
                std::fflush(stdout);
            }
        }
        if (is_taken) {
            waiting.push_back(offered);
            offering = false;
            ++sent;
        }
        engine->clk_i = 1;
        engine->eval();
        ++cycles;
        if (cycles - last_result > PATIENCE) {
            stuck = true;
            break;
        }
    }
    engine->final();
    std::printf("{\"vectors\": %llu, \"mismatches\": %llu, \"cycles\": %llu, \"stalled_cycles\": %llu, \"stuck\": %s",
        static_cast<unsigned long long>(compared), static_cast<unsigned long long>(mismatches),
        static_cast<unsigned long long>(cycles), static_cast<unsigned long long>(stalls),
        stuck ? "true" : "false");
    if (mismatches) {
        print_list("codes", first.codes);
        print_list("expected", first.results);
        print_list("found", found_first);
    }
    std::printf("}\n");
    return 0;
}
