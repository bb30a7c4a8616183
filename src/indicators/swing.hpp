// Swing highs: values above their neighbours, known some bars later.
#pragma once

#include <span>

#include "indicators/window.hpp"

namespace bourse::indicators {

// params: bars to the left and to the right. push() says whether the value of `right` bars ago is above its neighbours;
// swing lows are swing highs of the negated series.
class Swing {
public:
    explicit Swing(std::span<const double> params)
        : left_(static_cast<std::size_t>(params[0])),
          right_(static_cast<std::size_t>(params[1])),
          past_(static_cast<std::size_t>(params[1])) {}

    bool push(double x) noexcept {
        right_.push(x);
        const bool known = past_.full();
        const double middle = known ? past_.oldest() : 0;
        past_.push(x);
        if (!known) return false;
        ready_ = left_.full();
        const bool swing = ready_ && middle > left_.total().value && middle > right_.total().value;
        left_.push(middle);
        return swing;
    }
    bool ready() const noexcept { return ready_; }

    void state(auto& visit) { visit(left_, right_, past_, ready_); }

private:
    Window<Highest> left_, right_;
    Delay past_;
    bool ready_ = false;
};

}  // namespace bourse::indicators
