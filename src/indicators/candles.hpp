// Candlesticks of the last bars, and what long, short, near and equal mean beside the bars before.
// Input   open, high, low, close of one bar after the other, in one unit.
// Ages    a bar is named by its age: 0 is the newest. The pattern's bars have the ages 0..4, an average looks at the
//         10 (or 5) bars before the one it is asked for.
// Source  the candle settings of TA-Lib 0.8.1, its defaults.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace bourse::indicators {

// The last 16 values, each kept twice so that any run of them is contiguous.
class Recent {
public:
    void push(double x) noexcept {
        next_ = (next_ + 1) % size;
        values_[next_] = values_[next_ + size] = x;
    }
    double operator[](int age) const noexcept { return values_[next_ + size - static_cast<std::size_t>(age)]; }
    // Of the `count` values before the one of that age. Differences of prices in ticks add up without rounding, so
    // that the order of the additions does not decide a tie.
    template <int count>
    double mean_before(int age) const noexcept {
        const double* end = &values_[next_ + size - static_cast<std::size_t>(age)];
        double even = 0, odd = 0;
        for (int i = count; i > 1; i -= 2) {
            even += *(end - i);
            odd += *(end - i + 1);
        }
        if constexpr (count % 2 == 1) even += *(end - 1);
        return (even + odd) / count;
    }

private:
    static constexpr std::size_t size = 16;
    std::array<double, 2 * size> values_{};
    std::size_t next_ = 0;
};

class Candles {
public:
    void push(const double* in) noexcept {
        open_.push(in[0]);
        high_.push(in[1]);
        low_.push(in[2]);
        close_.push(in[3]);
        body_.push(std::fabs(in[3] - in[0]));
        height_.push(in[1] - in[2]);
        shadows_.push(upper(0) + lower(0));
    }

    double open(int age) const noexcept { return open_[age]; }
    double high(int age) const noexcept { return high_[age]; }
    double low(int age) const noexcept { return low_[age]; }
    double close(int age) const noexcept { return close_[age]; }
    double body(int age) const noexcept { return body_[age]; }
    double height(int age) const noexcept { return height_[age]; }
    double top(int age) const noexcept { return std::max(open_[age], close_[age]); }  // of the body
    double bottom(int age) const noexcept { return std::min(open_[age], close_[age]); }
    double upper(int age) const noexcept { return high_[age] - top(age); }  // length of the shadow
    double lower(int age) const noexcept { return bottom(age) - low_[age]; }

    // White closes at its open or above, black below.
    bool white(int age) const noexcept { return close_[age] >= open_[age]; }
    bool black(int age) const noexcept { return !white(age); }
    int color(int age) const noexcept { return white(age) ? 1 : -1; }

    // Between a bar and the one before it: bodies that do not meet, and bars that do not meet with their shadows.
    bool body_gap_up(int age) const noexcept { return body_above(age, age + 1); }
    bool body_gap_down(int age) const noexcept { return body_above(age + 1, age); }
    bool gap_up(int age) const noexcept { return low(age) > high(age + 1); }
    bool gap_down(int age) const noexcept { return high(age) < low(age + 1); }
    bool body_above(int age, int other) const noexcept { return bottom(age) > top(other); }

    // Lengths to compare with.
    double usual_body(int age) const noexcept { return body_.mean_before<10>(age); }
    double doji_body(int age) const noexcept { return 0.1 * height_.mean_before<10>(age); }
    double tiny_shadow(int age) const noexcept { return doji_body(age); }
    double short_shadow(int age) const noexcept { return shadows_.mean_before<10>(age) / 2; }
    double near(int age) const noexcept { return 0.2 * height_.mean_before<5>(age); }
    double far(int age) const noexcept { return 0.6 * height_.mean_before<5>(age); }
    double equal(int age) const noexcept { return 0.05 * height_.mean_before<5>(age); }

    bool long_body(int age) const noexcept { return body(age) > usual_body(age); }
    bool short_body(int age) const noexcept { return body(age) < usual_body(age); }
    bool small_body(int age) const noexcept { return body(age) <= usual_body(age); }
    bool doji(int age) const noexcept { return body(age) <= doji_body(age); }
    bool no_upper(int age) const noexcept { return upper(age) < tiny_shadow(age); }
    bool no_lower(int age) const noexcept { return lower(age) < tiny_shadow(age); }
    bool marubozu(int age) const noexcept { return long_body(age) && no_upper(age) && no_lower(age); }
    // x within `margin` of y.
    static bool within(double x, double y, double margin) noexcept { return x <= y + margin && x >= y - margin; }
    // Whether a bar opens in the body of the white bar before it or a little above.
    bool opens_in_white_body(int age) const noexcept {
        return open(age) > open(age + 1) && open(age) <= close(age + 1) + near(age + 1);
    }

private:
    Recent open_, high_, low_, close_, body_, height_, shadows_;
};

}  // namespace bourse::indicators
