// bench_panel LIBTA: 30 common indicators over a panel of instruments, in lanes, against TA-Lib's C functions from the
// given shared library, one thread, in turns; the values are compared before anything is timed. "panel" is what
// run_tiles does, from and to rows of sixteen instruments a bar, with its share of the time that turning the fields
// into such rows takes, once for all 30. "columns" also turns each output back into a column an instrument.
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "indicators/describe.hpp"
#include "indicators/panel.hpp"

namespace {

using namespace bourse::indicators;
using Column = std::vector<double>;

// Ten years of days: too many for a branch predictor to know by heart, and few enough that what one indicator reads and
// writes stays in a core's caches. (Bars of a larger panel come through memory, and cost both forms the same on top.)
constexpr std::size_t instruments = 16, bars = 2500;
static_assert(instruments == series_side_by_side);
constexpr int rounds = 40, in_a_row = 5;  // the best of all

struct Bars {
    std::map<std::string, Column, std::less<>> in;
    std::vector<Column> ours, theirs;  // outputs
};

std::vector<Bars> make_panel() {
    std::mt19937_64 random(1);
    std::normal_distribution<double> move(0, 0.01);
    std::uniform_real_distribution<double> unit(0, 1);
    std::vector<Bars> panel(instruments);
    for (Bars& one : panel) {
        double price = 20 + 200 * unit(random);
        for (std::size_t t = 0; t < bars; ++t) {
            const double open = price;
            price *= std::exp(move(random));
            one.in["open"].push_back(open);
            one.in["high"].push_back(std::max(open, price) * (1 + 0.005 * unit(random)));
            one.in["low"].push_back(std::min(open, price) * (1 - 0.005 * unit(random)));
            one.in["close"].push_back(price);
            one.in["volume"].push_back(std::floor(1e6 * unit(random)));
        }
        one.in["price"] = one.in["close"];
        one.ours.assign(3, Column(bars));
        one.theirs.assign(3, Column(bars));
    }
    return panel;
}

// TA-Lib's functions, by their prototypes.
void* library;
template <class... Arguments>
void call(const char* function, Arguments... arguments) {
    using Function = int (*)(int, int, Arguments...);
    const auto address = reinterpret_cast<Function>(dlsym(library, function));
    if (address == nullptr) std::fprintf(stderr, "TA-Lib has no %s\n", function), std::exit(1);
    if (address(0, static_cast<int>(bars) - 1, arguments...) != 0)
        std::fprintf(stderr, "%s failed\n", function), std::exit(1);
}

struct Case {
    const char* name;  // ours
    std::vector<double> params;
    std::function<void(Bars&, int* begin, int* count)> theirs;
};

// One line a case: ours, parameters, TA-Lib's function, its inputs and options.
#define IN(name) static_cast<const double*>(b.in.find(name)->second.data())
#define OUT(j) b.theirs[j].data()
#define H IN("high")
#define L IN("low")
#define C IN("close")
#define V IN("volume")
#define CASE(name, parameters, ...)                                                                   \
    Case {                                                                                            \
        name, std::vector<double> parameters, [](Bars&b, int*begin, int*count) { call(__VA_ARGS__); } \
    }
#define SINGLE(name, function, n) CASE(name, ({n}), function, C, n, begin, count, OUT(0))
#define RANGED(name, function, n) CASE(name, ({n}), function, H, L, C, n, begin, count, OUT(0))

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        SINGLE("sma", "TA_SMA", 20),
        CASE("ema", ({20, 0}), "TA_EMA", C, 20, begin, count, OUT(0)),
        SINGLE("wma", "TA_WMA", 20),
        SINGLE("dema", "TA_DEMA", 20),
        SINGLE("tema", "TA_TEMA", 20),
        CASE("rsi", ({14, 0}), "TA_RSI", C, 14, begin, count, OUT(0)),
        CASE("macd", ({12, 26, 9, 0}), "TA_MACD", C, 12, 26, 9, begin, count, OUT(0), OUT(1), OUT(2)),
        CASE("bbands", ({20, 2, 2, 0}), "TA_BBANDS", C, 20, 2.0, 2.0, 0, begin, count, OUT(0), OUT(1), OUT(2)),
        CASE("atr", ({14, 0}), "TA_ATR", H, L, C, 14, begin, count, OUT(0)),
        RANGED("natr", "TA_NATR", 14),
        CASE("trange", ({}), "TA_TRANGE", H, L, C, begin, count, OUT(0)),
        RANGED("adx", "TA_ADX", 14),
        RANGED("dx", "TA_DX", 14),
        RANGED("plus_di", "TA_PLUS_DI", 14),
        RANGED("minus_di", "TA_MINUS_DI", 14),
        RANGED("cci", "TA_CCI", 14),
        CASE("stoch", ({5, 3, 0, 3, 0}), "TA_STOCH", H, L, C, 5, 3, 0, 3, 0, begin, count, OUT(0), OUT(1)),
        CASE("stochf", ({5, 3, 0}), "TA_STOCHF", H, L, C, 5, 3, 0, begin, count, OUT(0), OUT(1)),
        CASE("willr", ({14, 0}), "TA_WILLR", H, L, C, 14, begin, count, OUT(0)),
        CASE("mfi", ({14}), "TA_MFI", H, L, C, V, 14, begin, count, OUT(0)),
        CASE("obv", ({}), "TA_OBV", C, V, begin, count, OUT(0)),
        CASE("ad", ({}), "TA_AD", H, L, C, V, begin, count, OUT(0)),
        CASE("adosc", ({3, 10}), "TA_ADOSC", H, L, C, V, 3, 10, begin, count, OUT(0)),
        SINGLE("roc", "TA_ROC", 10),
        SINGLE("mom", "TA_MOM", 10),
        CASE("stddev", ({20, 1}), "TA_STDDEV", C, 20, 1.0, begin, count, OUT(0)),
        CASE("var", ({20, 1}), "TA_VAR", C, 20, 1.0, begin, count, OUT(0)),
        SINGLE("linearreg", "TA_LINEARREG", 14),
        SINGLE("linearreg_slope", "TA_LINEARREG_SLOPE", 14),
        SINGLE("cmo", "TA_CMO", 14)};
    return all;
}

constexpr const char* field_names[] = {"open", "high", "low", "close", "volume"};

// The panel as one instruction set has it.
struct Ours {
    SimdLevel level;
    std::vector<SeriesGroup::Columns> fields;
    std::vector<Tile> inputs, outputs;
    SeriesGroup group;

    Ours(const Bars* panel, SimdLevel used)
        : level(used),
          fields(fields_of(panel)),
          inputs(fields.size(), Tile((bars + tile_step - 1) / tile_step * tile_step)),
          outputs(3, inputs[0]),
          group(fields, level) {
        turn_in();
    }

    static std::vector<SeriesGroup::Columns> fields_of(const Bars* panel) {
        std::vector<SeriesGroup::Columns> all;
        for (const char* name : field_names) {
            auto& columns = all.emplace_back();
            for (std::size_t s = 0; s < instruments; ++s) columns.emplace_back(panel[s].in.find(name)->second);
        }
        return all;
    }

    static std::vector<std::size_t> inputs_of(const Info& info) {
        std::vector<std::size_t> inputs;
        for (const auto input : info.inputs)
            inputs.push_back(static_cast<std::size_t>(
                std::ranges::find(field_names, input == "price" ? "close" : input) - std::begin(field_names)));
        return inputs;
    }

    void turn_in() {
        for (std::size_t i = 0; i < fields.size(); ++i) turn_into_tile(fields[i], inputs[i], level);
    }

    void run_panel(const Entry& entry, const std::vector<double>& params) {
        std::vector<std::span<const PanelRow>> in;
        for (const std::size_t field : inputs_of(*entry.info)) in.emplace_back(inputs[field]);
        std::vector<std::span<PanelRow>> out;
        for (std::size_t j = 0; j < entry.info->outputs.size(); ++j) out.emplace_back(outputs[j]);
        run_tiles(entry, params, in, out, {}, level);
    }

    void run_columns(const Entry& entry, const std::vector<double>& params, std::vector<Bars>& panel) {
        std::vector<std::vector<std::span<double>>> out(entry.info->outputs.size());
        for (std::size_t j = 0; j < out.size(); ++j)
            for (Bars& one : panel) out[j].emplace_back(one.ours[j]);
        group.run(entry, params, inputs_of(*entry.info), out, {});
    }
};

void compare(const Case& what, std::vector<Bars>& panel, Ours& form) {
    const Entry& entry = *find(what.name);
    form.run_columns(entry, what.params, panel);
    for (Bars& one : panel) {
        int begin = 0, count = 0;
        what.theirs(one, &begin, &count);
        for (std::size_t j = 0; j < entry.info->outputs.size(); ++j) {
            double size = 0;  // running sums of volumes cancel
            for (int k = 0; k < count; ++k)
                size = std::max(size, std::fabs(one.theirs[j][static_cast<std::size_t>(k)]));
            for (int k = 0; k < count; ++k) {
                const double ours = one.ours[j][static_cast<std::size_t>(begin + k)],
                             theirs = one.theirs[j][static_cast<std::size_t>(k)];
                if (std::fabs(ours - theirs) <= 1e-9 * std::max(size, 1.0)) continue;
                std::fprintf(stderr, "%s differs at bar %d: %.17g, TA-Lib %.17g\n", what.name, begin + k, ours, theirs);
                std::exit(1);
            }
        }
    }
}

template <class Work>
double nanoseconds_a_bar(const Work& work) {
    double best = HUGE_VAL;
    for (int i = 0; i < in_a_row; ++i) {
        const auto started = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - started;
        best = std::min(best, took.count());
    }
    return best / static_cast<double>(instruments * bars);
}

double geometric_mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += std::log(value);
    return std::exp(sum / static_cast<double>(values.size()));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fputs("usage: bench_panel LIBTA\n", stderr), 2;
    library = dlopen(argv[1], RTLD_NOW);
    if (library == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 1;
    const auto version = reinterpret_cast<const char* (*)()>(dlsym(library, "TA_GetVersionString"));
    const auto initialize = reinterpret_cast<int (*)()>(dlsym(library, "TA_Initialize"));
    if (initialize == nullptr || initialize() != 0) return std::fputs("TA_Initialize failed\n", stderr), 1;
    const auto levels = simd_levels();
    std::printf("panel of %zu instruments x %zu bars, one thread, best of %d in turns; peer TA-Lib C %s; ns a bar\n",
                instruments, bars, rounds, version == nullptr ? "" : version());
    std::printf("%-16s %7s", "", "TA-Lib");
    for (const SimdLevel level : levels) {
        const char* name = simd_level_names[static_cast<int>(level)];
        std::printf(" |%9s panel %9s columns", name, name);
    }
    std::printf("\n");

    auto panel = make_panel();
    std::vector<Ours> forms;
    std::vector<double> turning(levels.size(), HUGE_VAL);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        forms.emplace_back(panel.data(), levels[i]);
        for (int round = 0; round < rounds; ++round)
            turning[i] = std::min(turning[i], nanoseconds_a_bar([&] { forms[i].turn_in(); }));
        std::printf("turning %zu fields into rows, %s: %.2f\n", std::size(field_names),
                    simd_level_names[static_cast<int>(levels[i])], turning[i]);
    }
    std::vector<std::vector<double>> ratios(levels.size()), column_ratios(levels.size());
    std::vector<std::string> slower;
    for (const Case& what : cases()) {
        const Entry& entry = *find(what.name);
        if (!runs_in_lanes(entry, what.params)) return std::fprintf(stderr, "%s does not run in lanes\n", what.name), 1;
        for (Ours& form : forms) compare(what, panel, form);
        double theirs = HUGE_VAL;
        std::vector<double> ours(levels.size(), HUGE_VAL), columns(levels.size(), HUGE_VAL);
        for (int round = 0; round < rounds; ++round) {
            theirs = std::min(theirs, nanoseconds_a_bar([&] {
                                  for (Bars& one : panel) {
                                      int begin = 0, count = 0;
                                      what.theirs(one, &begin, &count);
                                  }
                              }));
            for (std::size_t i = 0; i < levels.size(); ++i) {
                ours[i] = std::min(ours[i], nanoseconds_a_bar([&] { forms[i].run_panel(entry, what.params); }));
                columns[i] =
                    std::min(columns[i], nanoseconds_a_bar([&] { forms[i].run_columns(entry, what.params, panel); }));
            }
        }
        std::printf("%-16s %7.2f", what.name, theirs);
        for (std::size_t i = 0; i < levels.size(); ++i) {
            const double share = turning[i] / static_cast<double>(cases().size());
            ratios[i].push_back(theirs / (ours[i] + share));
            column_ratios[i].push_back(theirs / (columns[i] + share));
            std::printf(" | %7.2f %5.1fx %8.2f %5.1fx", ours[i] + share, ratios[i].back(), columns[i] + share,
                        column_ratios[i].back());
        }
        std::printf("\n");
        if (ratios.back().back() < 1) slower.emplace_back(what.name);
        std::fflush(stdout);
    }
    for (std::size_t i = 0; i < levels.size(); ++i)
        std::printf("ratio panel form to TA-Lib C, geometric mean of %zu, %s: %.2f; with columns as output: %.2f\n",
                    ratios[i].size(), simd_level_names[static_cast<int>(levels[i])], geometric_mean(ratios[i]),
                    geometric_mean(column_ratios[i]));
    if (slower.empty()) std::printf("none is slower than TA-Lib\n");
    for (const auto& name : slower) std::printf("slower than TA-Lib: %s\n", name.c_str());
    return 0;
}
