// The Context of a child process.
#pragma once

#include <chrono>
#include <memory>

#include "workers/task/answer_watch.hpp"
#include "workers/task/cancel_watch.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {

class TaskContext final : public Context {
public:
    // Connects. `watch` must outlive the context. `pooled`: sessions are shared with others, set nothing in them.
    // `patience`: how long the server may be silent although it has nothing to do for us (AnswerWatch).
    TaskContext(const std::string& conninfo, bool pooled, const Job& job, CancelWatch& watch,
                std::chrono::milliseconds patience);

    Connection& database() override { return database_; }
    void progress(const std::string& stage, double ratio, const std::string& message,
                  const nlohmann::json& values) override;
    void log(LogLevel level, const std::string& message) override;
    void complete(pqxx::transaction_base& tx, const nlohmann::json& result) override;
    Signed sign(const std::string& model, std::span<const std::byte> artifact) override;
    CheckInterrupts interrupts() override { return watch_.interrupts(); }

    bool complete_called() const noexcept { return complete_called_; }

private:
    using Clock = std::chrono::steady_clock;

    void send_progress(const std::string& stage, double ratio, const std::string& message,
                       const nlohmann::json& values);

    const std::string conninfo_;
    const Job& job_;
    CancelWatch& watch_;
    Connection database_;
    std::unique_ptr<AnswerWatch> answer_watch_;
    std::unique_ptr<Connection> reporting_;
    Clock::time_point next_report_{};
    std::string last_stage_;
    bool complete_called_ = false;
};

}  // namespace bourse::workers
