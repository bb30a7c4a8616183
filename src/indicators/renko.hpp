// Renko bricks of closing prices.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Renko : public Streaming<Renko> {
public:
    static constexpr Info info{
        .name = "renko",
        .family = "price transform",
        .summary = "Renko bricks of closing prices",
        .inputs = {"price"},
        .params = {Param{"brick", 1, 1e-12, 3e37}, Param{"start", 0, -3e37, 3e37}},
        .outputs = {{"bricks", unit::number}, {"level", unit::price}},
        .formula =
            "bricks: how many bricks the bar completes, negative for falling ones; level: close of "
            "the last brick; a brick in the same direction needs one brick from the level, one in "
            "the other two; it starts at `start`, or at the first price if that is 0",
        .source = "Steve Nison, Beyond Candlesticks (1994); rule of Skender.Stock.Indicators",
        .undefined = "in level, before the first brick"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Renko(std::span<const double> params) : size_(params[0]), top_(params[1]), bottom_(params[1]) {}

    void step(const double* in, double* out) noexcept {
        if (!started_) {
            started_ = true;
            if (top_ == 0) top_ = bottom_ = in[0];
        }
        double bricks = 0;
        if (in[0] >= top_ + size_) {
            bricks = std::floor((in[0] - top_) / size_);
            top_ += bricks * size_;
            bottom_ = top_ - size_;
            level_ = top_;
        } else if (in[0] <= bottom_ - size_) {
            bricks = -std::floor((bottom_ - in[0]) / size_);
            bottom_ += bricks * size_;
            top_ = bottom_ + size_;
            level_ = bottom_;
        }
        out[0] = bricks;
        if (top_ != bottom_) out[1] = level_;
    }

private:
    double size_, top_, bottom_;  // of the last brick
    bool started_ = false;
    double level_ = 0;
};

}  // namespace bourse::indicators
