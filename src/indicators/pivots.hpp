// Pivot points of the session before.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Pivots : public Streaming<Pivots> {
public:
    static constexpr Info info{
        .name = "pivots",
        .family = "overlap studies",
        .summary = "pivot points of the session before",
        .inputs = {"high", "low", "close", "session"},
        .params = {},
        .outputs = {{"pp", unit::price},
                    {"r1", unit::price},
                    {"r2", unit::price},
                    {"r3", unit::price},
                    {"s1", unit::price},
                    {"s2", unit::price},
                    {"s3", unit::price}},
        .formula =
            "pp = (H+L+C)/3; r1 = 2pp - L, r2 = pp + (H-L), r3 = H + 2(pp-L); s1 = 2pp - H, s2 = pp "
            "- (H-L), s3 = L - 2(H-pp); H, L, C: high, low and close of the session before; "
            "session: any number that changes with the session, such as the day",
        .source = "floor traders; values of Skender.Stock.Indicators",
        .undefined = "in the first session"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Pivots(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (!started_ || in[3] != session_) {
            known_ = started_;
            last_ = now_;
            now_ = {in[0], in[1], in[2]};
            started_ = true;
            session_ = in[3];
        } else {
            now_ = {std::max(now_.high, in[0]), std::min(now_.low, in[1]), in[2]};
        }
        if (!known_) return;
        const double pivot = (last_.high + last_.low + last_.close) / 3, range = last_.high - last_.low;
        out[0] = pivot;
        out[1] = 2 * pivot - last_.low;
        out[2] = pivot + range;
        out[3] = last_.high + 2 * (pivot - last_.low);
        out[4] = 2 * pivot - last_.high;
        out[5] = pivot - range;
        out[6] = last_.low - 2 * (last_.high - pivot);
    }

private:
    struct Session {
        double high, low, close;
    };

    bool started_ = false, known_ = false;
    double session_ = 0;
    Session now_{0, 0, 0}, last_{0, 0, 0};
};

}  // namespace bourse::indicators
