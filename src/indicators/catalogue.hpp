// Every indicator, for code that picks one by name.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/interrupt.hpp"
#include "core/state.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

// One series of some indicator, fed bar by bar as its kernel is.
class Series {
public:
    virtual ~Series() = default;
    // in.size() == info.inputs.size(), out.size() == info.outputs.size().
    virtual void update(std::span<const double> in, std::span<double> out) noexcept = 0;
    // The state as it is now; the two go on apart.
    virtual std::unique_ptr<Series> copy() const = 0;
    // All that later bars depend on. Reading is for a series that was started with the same params, and for what
    // writing gave: errors as StateReader's.
    virtual void state(StateWriter& to) = 0;
    virtual void state(StateReader& from) = 0;
};

struct Entry {
    const Info* info;
    int (*lookback)(std::span<const double> params);
    // `params` must have passed check_params.
    std::unique_ptr<Series> (*start)(std::span<const double> params);
    // A whole series: in[i] and out[j] are columns of one length, oldest bar first, NaN = gap or no value; an output
    // that is not finite becomes NaN. `params` must have passed check_params. Throws only what `interrupts` throws and
    // bad_alloc.
    void (*run)(std::span<const double> params, std::span<const std::span<const double>> in,
                std::span<const std::span<double>> out, const CheckInterrupts& interrupts);
};

// Sorted as the list in CMakeLists.txt.
std::span<const Entry> catalogue();

// Null for an unknown name.
const Entry* find(std::string_view name);

}  // namespace bourse::indicators
