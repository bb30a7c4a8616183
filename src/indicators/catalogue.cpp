#include "indicators/catalogue.hpp"

#include <algorithm>
#include <array>

#include "indicators.inc"

namespace bourse::indicators {
namespace {

constexpr std::size_t bars_between_checks = 64;  // a bar of a long window may cost 100 us

template <class Kernel>
void run(std::span<const double> params, std::span<const std::span<const double>> in,
         std::span<const std::span<double>> out, const CheckInterrupts& interrupts) {
    constexpr std::size_t inputs = Kernel::info.inputs.size(), outputs = Kernel::info.outputs.size();
    Kernel kernel(SettledParams(Kernel::info, params).values());
    std::array<double, inputs> bar;
    std::array<double, outputs> values;
    for (std::size_t t = 0; t < in[0].size(); ++t) {
        if (t % bars_between_checks == 0) check(interrupts);
        for (std::size_t i = 0; i < inputs; ++i) bar[i] = in[i][t];
        kernel.update(bar, values);
        for (std::size_t j = 0; j < outputs; ++j) out[j][t] = std::isfinite(values[j]) ? values[j] : missing;
    }
}

template <class Kernel>
class SeriesOf : public Series {
public:
    explicit SeriesOf(std::span<const double> params) : kernel_(SettledParams(Kernel::info, params).values()) {}
    void update(std::span<const double> in, std::span<double> out) noexcept override { kernel_.update(in, out); }
    std::unique_ptr<Series> copy() const override { return std::make_unique<SeriesOf>(*this); }
    void state(StateWriter& to) override { to(kernel_); }
    void state(StateReader& from) override { from(kernel_); }

private:
    Kernel kernel_;
};

template <class Kernel>
std::unique_ptr<Series> start(std::span<const double> params) {
    return std::make_unique<SeriesOf<Kernel>>(params);
}

template <class Kernel>
int lookback(std::span<const double> params) {
    return Kernel::lookback(SettledParams(Kernel::info, params).values());
}

#define ENTRY(name, Kernel) Entry{&Kernel::info, &lookback<Kernel>, &start<Kernel>, &run<Kernel>},
constexpr Entry entries[] = {BOURSE_INDICATORS(ENTRY)};
#undef ENTRY

}  // namespace

std::span<const Entry> catalogue() { return entries; }

const Entry* find(std::string_view name) {
    const auto found = std::ranges::find_if(entries, [&](const Entry& entry) { return entry.info->name == name; });
    return found == std::end(entries) ? nullptr : &*found;
}

}  // namespace bourse::indicators
