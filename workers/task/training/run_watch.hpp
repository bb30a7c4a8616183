// Keeps the world informed while a trainer works, and looks whether the run is to stop.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "training/trainer.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {

class RunWatch {
public:
    // Training takes the span of progress from `from` to `to`. The clock starts now.
    RunWatch(const Job& job, Context& context, double from, double to);

    // For training::OnRound: tells the progress, writes the learning curve and looks for bourse.stop_run about once a
    // second, in transactions of their own. Throws Error(cancelled) and Error(lost_lease).
    bool on_round(const training::Round& round);

    // Writes what is left of the curve.
    void flush();

private:
    using Clock = std::chrono::steady_clock;
    void tell(const training::Round& round);

    const Job& job_;
    Context& context_;
    CheckInterrupts interrupts_;
    double from_, to_;
    Clock::time_point began_;
    Clock::time_point next_visit_;
    std::vector<training::Round> unwritten_;
    bool stop_ = false;
};

// Marks the run as running with this attempt and forgets the numbers of earlier attempts. Error(lost_lease) when the
// attempt does not hold the job.
void begin_run(pqxx::transaction_base& tx, const Job& job);

void log_run(pqxx::transaction_base& tx, const Job& job, const std::string& level, const std::string& message);

}  // namespace bourse::workers
