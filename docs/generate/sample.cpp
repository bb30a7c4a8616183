#include "sample.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "indicators/catalogue.hpp"
#include "indicators/describe.hpp"

namespace bourse::docs {
namespace {

using indicators::Info;

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    return cells;
}

std::vector<double> run(const char* name, std::vector<double> params, const std::vector<double>& in) {
    const indicators::Entry& entry = *indicators::find(name);
    params.resize(entry.info->params.size());  // a profile of 0
    std::vector<double> out(in.size());
    const std::vector<std::span<const double>> inputs{in};
    const std::vector<std::span<double>> outputs{out};
    entry.run(params, inputs, outputs, {});
    return out;
}

void add_derived(Stock& stock) {
    auto& in = stock.inputs;
    in["sma(close, 20)"] = run("sma", {20}, in["close"]);
    in["rsi(close, 14)"] = run("rsi", {14}, in["close"]);
    for (std::size_t t = 0; t < stock.size(); ++t) {
        const double low = in["low"][t], range = in["high"][t] - low;
        const bool new_month = t > 0 && stock.dates[t].substr(0, 7) != stock.dates[t - 1].substr(0, 7);
        const double months = std::atof(stock.dates[t].substr(5, 2).c_str());
        in["(close - low) / (high - low)"].push_back(range == 0 ? 0.5 : (in["close"][t] - low) / range);
        in["month"].push_back(months);
        in["first bar of the month"].push_back(new_month ? 1 : 0);
        in["10 or 30 by month"].push_back(static_cast<int>(months) % 2 == 0 ? 10 : 30);
    }
}

}  // namespace

std::vector<Stock> read_sample(std::istream& in) {
    std::vector<Stock> stocks;
    std::string line;
    std::getline(in, line);
    if (line != "date,open,high,low,close,volume,Name") throw std::runtime_error("unexpected columns: " + line);
    while (std::getline(in, line)) {
        const auto cells = cells_of(line);
        if (cells.size() != 7) throw std::runtime_error("not seven columns: " + line);
        if (stocks.empty() || stocks.back().symbol != cells[6]) stocks.push_back({cells[6], {}, {}});
        double bar[5];
        for (std::size_t i = 0; i < 5; ++i) bar[i] = std::atof(cells[i + 1].c_str());
        const auto [open, high, low, close, volume] = bar;
        if (!(low > 0 && low <= std::min(open, close) && high >= std::max(open, close))) continue;
        Stock& stock = stocks.back();
        stock.dates.push_back(cells[0]);
        const char* names[] = {"open", "high", "low", "close", "volume"};
        for (std::size_t i = 0; i < 5; ++i) stock.inputs[names[i]].push_back(bar[i]);
    }
    for (Stock& stock : stocks) add_derived(stock);
    return stocks;
}

std::map<std::string, std::string> feeds_of(const Info& info) {
    std::map<std::string, std::string> feeds{{"price", "close"},
                                             {"price0", "high"},
                                             {"price1", "low"},
                                             {"session", "month"},
                                             {"periods", "10 or 30 by month"},
                                             {"anchor", "first bar of the month"},
                                             {"condition", "first bar of the month"}};
    for (const char* own : {"open", "high", "low", "close", "volume"}) feeds[own] = own;
    if (info.family == "signals") feeds["price0"] = "close", feeds["price1"] = "sma(close, 20)";
    if (info.name == "divergence") feeds["price1"] = "rsi(close, 14)";
    for (const char* of_a_share : {"acos", "asin", "atan", "cos", "cosh", "exp", "sin", "sinh", "tan", "tanh"})
        if (info.name == of_a_share) feeds["price"] = "(close - low) / (high - low)";
    return feeds;
}

const std::vector<double>& series_of(const Stock& stock, const std::string& feed) { return stock.inputs.at(feed); }

}  // namespace bourse::docs
