// Ichimoku cloud: conversion line, base line, and the leading spans that stand over this bar.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Ichimoku : public Streaming<Ichimoku> {
public:
    static constexpr Info info{
        .name = "ichimoku",
        .family = "overlap studies",
        .summary =
            "Ichimoku cloud: conversion line, base line, and the leading spans that stand over this "
            "bar",
        .inputs = {"high", "low", "close"},
        .params = {period("conversionperiod", 9), period("baseperiod", 26), period("spanperiod", 52),
                   period("displacement", 26)},
        .outputs = {{"tenkan", unit::price},
                    {"kijun", unit::price},
                    {"span_a", unit::price},
                    {"span_b", unit::price},
                    {"chikou", unit::price}},
        .formula =
            "tenkan, kijun: (highest high + lowest low)/2 over conversionperiod and baseperiod "
            "bars; span_a: (tenkan + kijun)/2 of displacement bars ago; span_b: (highest high + "
            "lowest low)/2 over spanperiod bars, of displacement bars ago; chikou: the close, which "
            "charts draw displacement bars back",
        .source = "Goichi Hosoda (1969); values of Skender.Stock.Indicators",
        .undefined =
            "in each line while its own window fills: tenkan 8, kijun 25, span_a 51, span_b 77 bars with the defaults"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Ichimoku(std::span<const double> params)
        : tenkan_(params[0]),
          kijun_(params[1]),
          span_(params[2]),
          span_a_(static_cast<std::size_t>(params[3])),
          span_b_(static_cast<std::size_t>(params[3])) {}

    void step(const double* in, double* out) noexcept {
        tenkan_.push(in[0], in[1]);
        kijun_.push(in[0], in[1]);
        span_.push(in[0], in[1]);
        if (tenkan_.full()) out[0] = middle(tenkan_);
        if (kijun_.full()) out[1] = middle(kijun_);
        if (tenkan_.full() && kijun_.full()) {
            const double now = (out[0] + out[1]) / 2;
            if (span_a_.full()) out[2] = span_a_.oldest();
            span_a_.push(now);
        }
        if (span_.full()) {
            if (span_b_.full()) out[3] = span_b_.oldest();
            span_b_.push(middle(span_));
        }
        out[4] = in[2];
    }

    void state(auto& visit) { visit(tenkan_, kijun_, span_, span_a_, span_b_); }

private:
    static double middle(const Extremes& bars) noexcept { return (bars.highest() + bars.lowest()) / 2; }

    Extremes tenkan_, kijun_, span_;
    Delay span_a_, span_b_;
};

}  // namespace bourse::indicators
