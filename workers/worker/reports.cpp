#include "workers/worker/reports.hpp"

#include <spdlog/spdlog.h>

#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

constexpr auto pause_between = std::chrono::milliseconds(500);
constexpr std::size_t most_waiting = 20'000;  // lines, while there is no server

double age_s(Reports::Clock::time_point now, Reports::Clock::time_point at) {
    return std::chrono::duration<double>(now - at).count();
}

nlohmann::json or_null(bool there, int value) { return there ? nlohmann::json(value) : nlohmann::json(); }

std::string to_text(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Reports::Reports(const Options& options) : options_(options), redactor_(options.db) {}

void Reports::said(const Job& job, std::string_view bytes) {
    if (bytes.empty()) return;
    auto& log = logs_[{job.id, job.attempt}];
    log.append(bytes, Clock::now());
    collect(job, log);
}

void Reports::ended(const Job& job, const ChildEnd& end, std::chrono::milliseconds ran) {
    said(job, end.log);
    if (const auto found = logs_.find({job.id, job.attempt}); found != logs_.end()) {
        found->second.end(Clock::now());
        collect(job, found->second);
        logs_.erase(found);
    }
    Job named = job;
    named.args = nullptr;
    ChildEnd numbers = end;
    numbers.log.clear();
    numbers.outcome.clear();
    usages_.push_back({std::move(named), std::move(numbers), ran, Clock::now()});
}

// The worker's own log has the same lines.
void Reports::collect(const Job& job, JobLog& log) {
    for (auto& line : log.take()) {
        line.message = redactor_.clean(std::move(line.message));
        const auto level = line.level == "stderr" ? spdlog::level::info : spdlog::level::from_str(line.level);
        spdlog::log(level, "event=job_log job={} attempt={} line={} message=\"{}\"", job.id, job.attempt, line.number,
                    line.message);
        if (lines_.size() < most_waiting)
            lines_.emplace_back(Key{job.id, job.attempt}, std::move(line));
        else
            ++dropped_;
    }
}

Reports::Clock::time_point Reports::next_send() const {
    return lines_.empty() && usages_.empty() ? Clock::time_point::max() : last_send_ + pause_between;
}

void Reports::send_if_due(Connection& connection) {
    if (Clock::now() >= next_send()) send(connection);
}

void Reports::send(Connection& connection) {
    if (lines_.empty() && usages_.empty()) return;
    const auto now = last_send_ = Clock::now();
    auto lines = nlohmann::json::array(), usages = nlohmann::json::array();
    for (const auto& [key, line] : lines_)
        lines.push_back({{"job", key.first},
                         {"attempt", key.second},
                         {"line", line.number},
                         {"age_s", age_s(now, line.at)},
                         {"level", line.level},
                         {"message", line.message}});
    for (const auto& u : usages_)
        usages.push_back({{"job", u.job.id},
                          {"attempt", u.job.attempt},
                          {"kind", u.job.kind},
                          {"age_s", age_s(now, u.at)},
                          {"ran_s", std::chrono::duration<double>(u.ran).count()},
                          {"cpu_s", u.end.usage.cpu_s},
                          {"max_rss_mb", u.end.usage.max_rss_mb},
                          {"read_bytes", u.end.usage.read_bytes},
                          {"write_bytes", u.end.usage.write_bytes},
                          {"exit_code", or_null(u.end.signal == 0, u.end.exit_code)},
                          {"signal", or_null(u.end.signal != 0, u.end.signal)}});
    try {
        ShortQuery(connection)
            ->exec_params("SELECT bourse.job_report($1, $2::jsonb, $3::jsonb)", options_.name, to_text(lines),
                          to_text(usages));
        if (dropped_) spdlog::warn("event=log_lines_dropped lines={} reason=\"no server took them\"", dropped_);
        dropped_ = 0;
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (const pqxx::failure& e) {  // reports are for people: the queue goes on without
        spdlog::error("event=report_failed lines={} error=\"{}\"", lines_.size(), one_line(e.what()));
    }
    lines_.clear();
    usages_.clear();
}

}  // namespace bourse::workers
