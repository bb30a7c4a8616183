// How operators whose values depend on all rows before go on where an earlier evaluation stopped.
#pragma once

#include "core/state.hpp"
#include "factors/operators/operator.hpp"

namespace bourse::factors {

// Gives `state` what was kept of the rows before row 0, and keeps it again wherever that is asked for: before(i) is
// called before row i is taken in, finish() after the last one.
template <class State>
class Remembered {
public:
    Remembered(const Frame& frame, State& state) : memory_(frame.memory), rows_(frame.rows), state_(state) {
        if (!memory_ || memory_->resume.empty()) return;
        StateReader reader(memory_->resume);
        reader(state);
        reader.finish();
    }
    void before(std::size_t row) {
        if (!memory_ || next_ == memory_->keep_before.size() || memory_->keep_before[next_] != row) return;
        StateWriter writer(memory_->kept.emplace_back());
        writer(state_);
        ++next_;
    }
    void finish() { before(rows_); }
    std::size_t rows_before() const noexcept { return memory_ ? memory_->rows_before : 0; }

private:
    Memory* memory_;
    std::size_t rows_, next_ = 0;
    State& state_;
};

}  // namespace bourse::factors
