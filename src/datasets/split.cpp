#include "datasets/split.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <sstream>

#include "core/error.hpp"
#include "datasets/option_keys.hpp"

namespace bourse::datasets {
namespace {

const std::array<std::string, 4> keys{"train", "valid", "test", "purge_bars"};
constexpr double sum_tolerance = 1e-6;

std::string text(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

std::optional<double> share(const nlohmann::json& split, const std::string& key) {
    const auto found = split.find(key);
    if (found == split.end()) return std::nullopt;
    const double lowest = 0.0;
    if (!found->is_number() || !(found->get<double>() >= lowest && found->get<double>() <= 1.0))
        throw Error(ErrorKind::invalid_argument,
                    "split: " + key + " is " + found->dump() + ", expected a share from 0 to 1");
    return found->get<double>();
}

std::optional<int> read_purge(const nlohmann::json& split) {
    const auto found = split.find("purge_bars");
    if (found == split.end() || found->is_null()) return std::nullopt;
    if (!found->is_number_integer() || found->get<std::int64_t>() < 0 || found->get<std::int64_t>() > 100'000)
        throw Error(ErrorKind::invalid_argument,
                    "split: purge_bars is " + found->dump() + ", expected null or a whole number from 0 to 100000");
    return found->get<int>();
}

}  // namespace

const char* span_name(Span span) noexcept {
    switch (span) {
        case Span::train:
            return "train";
        case Span::valid:
            return "valid";
        case Span::test:
            return "test";
        case Span::purged:
            return "purged";
    }
    return "purged";
}

SplitOptions read_split(const nlohmann::json& split) {
    check_keys(split, keys, "split");
    SplitOptions options;
    options.purge_bars = read_purge(split);
    const std::array<std::optional<double>, 3> given{share(split, "train"), share(split, "valid"),
                                                     share(split, "test")};
    double sum = 0;
    int missing = 0;
    for (const auto& value : given) {
        sum += value.value_or(0);
        missing += !value;
    }
    if (missing == 3) return options;
    const double rest = missing ? std::max(0.0, 1.0 - sum) / missing : 0.0;
    options.train = given[0].value_or(rest);
    options.valid = given[1].value_or(rest);
    options.test = given[2].value_or(rest);
    const double total = options.train + options.valid + options.test;
    if (std::abs(total - 1.0) > sum_tolerance)
        throw Error(ErrorKind::invalid_argument,
                    "split: train, valid and test add up to " + text(total) + ", expected 1",
                    "leave one of them out and it takes the rest");
    if (options.train <= sum_tolerance)
        throw Error(ErrorKind::invalid_argument, "split: train is " + text(options.train) + ", expected more than 0");
    return options;
}

nlohmann::json to_json(const SplitOptions& options) {
    nlohmann::json json{
        {"train", options.train}, {"valid", options.valid}, {"test", options.test}, {"purge_bars", nullptr}};
    if (options.purge_bars) json["purge_bars"] = *options.purge_bars;
    return json;
}

TimeSplit::TimeSplit(std::vector<std::int64_t> timestamps, const SplitOptions& options)
    : timestamps_(std::move(timestamps)) {
    assert(std::adjacent_find(timestamps_.begin(), timestamps_.end(), std::greater_equal<>()) == timestamps_.end());
    const auto n = static_cast<double>(timestamps_.size());
    train_end_ = static_cast<std::size_t>(std::llround(options.train * n));
    valid_end_ = std::max(train_end_, static_cast<std::size_t>(std::llround((options.train + options.valid) * n)));
    const auto require = [&](Span span, double ratio) {
        if (ratio > sum_tolerance && timestamps_in(span) == 0)
            throw Error(ErrorKind::insufficient_data,
                        "too little data: " + std::to_string(timestamps_.size()) + " timestamps leave none for the " +
                            span_name(span) + " span (share " + text(ratio) + ")",
                        "load more bars or ask for a longer span");
    };
    require(Span::train, options.train);
    require(Span::valid, options.valid);
    require(Span::test, options.test);
}

std::size_t TimeSplit::begin(Span span) const noexcept {
    return span == Span::train ? 0 : span == Span::valid ? train_end_ : valid_end_;
}

std::size_t TimeSplit::end(Span span) const noexcept {
    return span == Span::train ? train_end_ : span == Span::valid ? valid_end_ : timestamps_.size();
}

std::size_t TimeSplit::timestamps_in(Span span) const noexcept {
    return span == Span::purged ? 0 : end(span) - begin(span);
}

Span TimeSplit::span_of(std::int64_t ts) const noexcept {
    const auto starts_by = [&](std::size_t position) {
        return position < timestamps_.size() && ts >= timestamps_[position];
    };
    if (starts_by(valid_end_)) return Span::test;
    return train_end_ < valid_end_ && starts_by(train_end_) ? Span::valid : Span::train;
}

Span TimeSplit::assign(std::int64_t ts, std::int64_t label_end) const noexcept {
    const Span span = span_of(ts);
    return span_of(label_end) == span ? span : Span::purged;
}

std::int64_t TimeSplit::ahead(std::int64_t ts, int bars) const noexcept {
    const auto position =
        static_cast<std::size_t>(std::lower_bound(timestamps_.begin(), timestamps_.end(), ts) - timestamps_.begin());
    return timestamps_[std::min(position + static_cast<std::size_t>(bars), timestamps_.size() - 1)];
}

}  // namespace bourse::datasets
