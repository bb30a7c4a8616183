// The bars that the pictures show: the shipped sample, and every input that an indicator may ask for.
#pragma once

#include <istream>
#include <map>
#include <string>
#include <vector>

#include "indicators/indicator.hpp"

namespace bourse::docs {

// One stock, oldest bar first. `inputs` has a column for each name in Info::inputs.
struct Stock {
    std::string symbol;
    std::vector<std::string> dates;
    std::map<std::string, std::vector<double>, std::less<>> inputs;
    std::size_t size() const { return dates.size(); }
};

// CSV with the columns date,open,high,low,close,volume,Name, a stock's rows together. Bars whose prices contradict each
// other are left out. Throws std::runtime_error for anything else.
std::vector<Stock> read_sample(std::istream& in);

// What the pictures feed to the inputs that are not a column of the bars: "price" -> "close". It depends on what the
// indicator is for: the mathematical functions of a share of 1 get the place of the close in its bar.
std::map<std::string, std::string> feeds_of(const indicators::Info& info);

// The series of one feed, such as "sma(close, 20)". Throws std::out_of_range for an unknown one.
const std::vector<double>& series_of(const Stock& stock, const std::string& feed);

}  // namespace bourse::docs
