// The dominant cycle of a series by the Hilbert transform, the common part of HT_DCPERIOD, HT_DCPHASE, HT_PHASOR,
// HT_SINE, HT_TRENDLINE, HT_TRENDMODE and MAMA. Source: John Ehlers, Rocket Science for Traders (2001).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace bourse::indicators {

// The last N values, all 0 before the first.
template <std::size_t N>
class Last {
public:
    void push(double x) noexcept {
        next_ = next_ + 1 == N ? 0 : next_ + 1;
        values_[next_] = x;
    }
    double operator[](std::size_t age) const noexcept { return values_[(next_ + N - age) % N]; }

private:
    std::array<double, N> values_{};
    std::size_t next_ = 0;
};

// Weights 4, 3, 2, 1 from the newest to the oldest of four prices. The order of additions is TA-Lib's, whose rounding
// decides the phase where the prices stand still; what cancels badly is summed anew.
class SmoothPrice {
public:
    double push(double price) noexcept {
        prices_.push(price);
        if (++seen_ <= 3) {
            plain_ += price;
            weighted_ += price * seen_;
            return 0;
        }
        seen_ = 4;
        const double before = prices_[1] + prices_[2] + prices_[3];
        if (!(std::fabs(plain_ - leaving_ - before) <= 1e-9 * std::fabs(before))) restart();
        plain_ += price;
        plain_ -= leaving_;
        weighted_ += price * 4;
        leaving_ = prices_[3];
        const double result = weighted_ * 0.1;
        weighted_ -= plain_;
        return result;
    }

private:
    void restart() noexcept {
        leaving_ = 0;
        plain_ = prices_[3] + prices_[2] + prices_[1];
        weighted_ = prices_[3] + prices_[2] * 2 + prices_[1] * 3;
    }
    Last<4> prices_;
    int seen_ = 0;
    double plain_ = 0, weighted_ = 0, leaving_ = 0;
};

// Seven-tap Hilbert transform.
class Hilbert {
public:
    double push(double x, double gain) noexcept {
        last_.push(x);
        return (0.0962 * last_[0] - 0.0962 * last_[6] - 0.5769 * last_[4] + 0.5769 * last_[2]) * gain;
    }

private:
    Last<8> last_;
};

class DominantCycle {
public:
    // The transform starts at bar `start`, with nothing before it (TA-Lib: 12 or 37).
    explicit DominantCycle(int start) noexcept : waiting_(start) {}

    // Takes one price; true once the transform has started.
    bool push(double price) noexcept {
        smooth_ = smooth_price_.push(price);
        if (waiting_ > 0) {
            --waiting_;
            return false;
        }
        const double gain = 0.075 * period_ + 0.54;
        const double detrended = detrend_.push(smooth_, gain);
        in_phase_ = detrended_[2];
        detrended_.push(detrended);
        quadrature_ = quadrature_of_.push(detrended, gain);
        turn(in_phase_ - quadrature_ahead_.push(quadrature_, gain), in_phase_ahead_, gain);
        return true;
    }

    double smooth_price() const noexcept { return smooth_; }
    double in_phase() const noexcept { return in_phase_; }
    double quadrature() const noexcept { return quadrature_; }
    double period() const noexcept { return smooth_period_; }  // bars, up to 50

private:
    void turn(double in_phase, Hilbert& ahead, double gain) noexcept {
        const double i = 0.2 * in_phase + 0.8 * i_;
        const double q = 0.2 * (quadrature_ + ahead.push(in_phase_, gain)) + 0.8 * q_;
        real_ = 0.2 * (i * i_ + q * q_) + 0.8 * real_;
        imaginary_ = 0.2 * (i * q_ - q * i_) + 0.8 * imaginary_;
        i_ = i;
        q_ = q;
        double next = period_;
        if (imaginary_ != 0 && real_ != 0) next = 360 / (std::atan(imaginary_ / real_) * (180 / std::numbers::pi));
        next = std::max(std::min(next, 1.5 * period_), 0.67 * period_);
        period_ = 0.2 * std::clamp(next, 6.0, 50.0) + 0.8 * period_;
        smooth_period_ = 0.33 * period_ + 0.67 * smooth_period_;
    }

    int waiting_;
    SmoothPrice smooth_price_;
    Last<4> detrended_;
    Hilbert detrend_, quadrature_of_, in_phase_ahead_, quadrature_ahead_;
    double smooth_ = 0, in_phase_ = 0, quadrature_ = 0;
    double i_ = 0, q_ = 0, real_ = 0, imaginary_ = 0, period_ = 0, smooth_period_ = 0;
};

}  // namespace bourse::indicators
