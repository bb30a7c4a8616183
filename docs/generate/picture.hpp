// A picture of an indicator on bars, as SVG without scripts or fonts of its own, for light and dark pages.
#pragma once

#include <string>
#include <vector>

#include "indicators/catalogue.hpp"
#include "sample.hpp"

namespace bourse::docs {

// The outputs over the whole stock, with the defaults; NaN where there is no value.
std::vector<std::vector<double>> values_of(const indicators::Entry& entry, const Stock& stock);

// The bars [from, from + count) of the stock and the outputs there: on the bars where they are prices of that size or
// candlestick patterns, else in a panel below. The same input gives the same bytes.
std::string picture_of(const indicators::Entry& entry, const Stock& stock,
                       const std::vector<std::vector<double>>& values, std::size_t from, std::size_t count);

// "ta.rsi(close, timeperiod => 14)" as in the picture.
std::string shown_call(const indicators::Info& info);

}  // namespace bourse::docs
