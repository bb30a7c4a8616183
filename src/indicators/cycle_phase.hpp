// Where a series stands in its dominant cycle, and the mean over that cycle.
#pragma once

#include "indicators/hilbert.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

inline constexpr int cycle_start = 37;     // bar at which the transform starts
inline constexpr int cycle_lookback = 63;  // first bar with a value
inline constexpr double degrees = 180 / std::numbers::pi;

// A period in bars; 0 where prices near the largest number made it none.
inline std::size_t whole_bars(double period) noexcept {
    return period > 0 && period <= 50 ? static_cast<std::size_t>(period + 0.5) : 0;
}

// Sines and cosines of i/n of a turn, n up to 50.
class Turns {
public:
    static const Turns& table() {
        static const Turns made;
        return made;
    }
    double sine(std::size_t n, std::size_t i) const noexcept { return sines_[n][i]; }
    double cosine(std::size_t n, std::size_t i) const noexcept { return cosines_[n][i]; }

private:
    Turns() {
        for (std::size_t n = 1; n <= 50; ++n)
            for (std::size_t i = 0; i < n; ++i) {
                const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
                sines_[n][i] = std::sin(angle);
                cosines_[n][i] = std::cos(angle);
            }
    }
    std::array<std::array<double, 50>, 51> sines_{}, cosines_{};
};

class CyclePhase {
public:
    // Takes one price; true once phase() has a value.
    bool push(double price) noexcept {
        if (!cycle_.push(price)) return false;
        smooth_.push(cycle_.smooth_price());
        const std::size_t bars = whole_bars(cycle_.period());
        double real = 0, imaginary = 0;
        for (std::size_t i = 0; i < bars; ++i) {
            real += turns_->sine(bars, i) * smooth_[i];
            imaginary += turns_->cosine(bars, i) * smooth_[i];
        }
        if (imaginary != 0)
            phase_ = std::atan(real / imaginary) * degrees;
        else if (real != 0)
            phase_ += real < 0 ? -90 : 90;
        phase_ += 90;
        phase_ += 360 / cycle_.period();
        if (imaginary < 0) phase_ += 180;
        if (phase_ > 315) phase_ -= 360;
        return true;
    }
    double phase() const noexcept { return phase_; }  // degrees
    double sine() const noexcept { return std::sin(phase_ / degrees); }
    double lead_sine() const noexcept { return std::sin((phase_ + 45) / degrees); }
    double period() const noexcept { return cycle_.period(); }
    double smooth_price() const noexcept { return cycle_.smooth_price(); }

private:
    DominantCycle cycle_{cycle_start};
    Last<64> smooth_;
    double phase_ = 0;
    const Turns* turns_ = &Turns::table();
};

// The mean of the prices over one dominant cycle, smoothed over four bars.
class CycleTrend {
public:
    // Takes a price and, once there is one, the period of the cycle (0 before).
    void push(double price, double period) noexcept {
        prices_.push(price);
        if (period == 0) return;
        const std::size_t bars = whole_bars(period);
        double sum = 0;
        for (std::size_t i = 0; i < bars; ++i) sum += prices_[i];
        means_.push(bars > 0 ? sum / static_cast<double>(bars) : 0);
    }
    double value() const noexcept { return (4 * means_[0] + 3 * means_[1] + 2 * means_[2] + means_[3]) / 10; }

private:
    Last<64> prices_;
    Last<4> means_;
};

}  // namespace bourse::indicators
