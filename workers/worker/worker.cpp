#include "workers/worker/worker.hpp"

#include <algorithm>
#include <poll.h>
#include <thread>

#include <spdlog/spdlog.h>

#include "core/error.hpp"
#include "handlers.inc"
#include "workers/common/injection.hpp"
#include "workers/task/outcome.hpp"
#include "workers/worker/pooler.hpp"
#include "workers/worker/signer.hpp"
#include "workers/worker/strays.hpp"

namespace bourse::workers {
namespace {

using std::chrono::milliseconds;

std::string request_of(const Options& options, bool pooled, const Job& job) {
    return nlohmann::json{{"db", options.db},
                          {"pooled", pooled},
                          {"patience_ms", std::max(options.lease, milliseconds(5'000)).count()},
                          {"job",
                           {{"id", job.id},
                            {"kind", job.kind},
                            {"args", job.args},
                            {"attempt", job.attempt},
                            {"owner", job.owner},
                            {"timeout_s", job.timeout_s}}}}
        .dump();
}

std::string mark_of(const Job& job) { return std::to_string(job.id) + '.' + std::to_string(job.attempt); }

ChildLimits limits_of(const Claimed& claimed) {
    ChildLimits limits;
    limits.memory_mb = claimed.memory_mb;
    // The wall clock is the rule; processor time only catches a child whose daemon hangs.
    if (claimed.job.timeout_s > 0)
        limits.cpu_s = claimed.job.timeout_s * std::max(1u, std::thread::hardware_concurrency()) + 60;
    return limits;
}

}  // namespace

std::vector<std::string> known_kinds() {
    std::vector<std::string> kinds{
#define NAME(name, Type) #name,
        BOURSE_HANDLERS(NAME)
#undef NAME
    };
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

Worker::Worker(Options options, Signals& signals)
    : options_(std::move(options)), asked_kinds_(options_.kinds), signals_(signals) {}

void Worker::run() {
    adopt_orphans();
    if (const int ended = end_strays_of_dead_workers(); ended > 0)
        spdlog::warn("event=strays_ended worker={} processes={} of=\"daemons that were killed\"", options_.name, ended);
    auto pause = milliseconds(100);
    while (!finished()) {
        const auto began = Clock::now();
        std::string reason;
        try {
            session();
            continue;
        } catch (const pqxx::failure& e) {  // the server is gone, or ends this session
            const bool unreachable = dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr;
            if (!had_session_ && (options_.once || !unreachable)) throw;
            reason = e.what();
        } catch (
            const Error& e) {  // a standby, a database without tables: after a fail-over or in a migration that passes
            if (!had_session_) throw;
            reason = e.what();
        }
        if (Clock::now() - began > std::chrono::seconds(10)) pause = milliseconds(100);  // that one had worked
        // Uneven: many workers that lost one server do not come back all at once.
        const milliseconds uneven(
            std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random_));
        spdlog::warn("event=session_lost worker={} retry_ms={} error=\"{}\"", options_.name, uneven.count(),
                     one_line(reason));
        wait_for_server(uneven);
        pause = std::min(pause * 2, milliseconds(5'000));
    }
    spdlog::info("event=worker_stopped worker={}", options_.name);
}

void Worker::session() {
    Connection working(options_.db, "bourse-worker", options_.patience());
    working.drop_notices();
    check_server(working);
    if (!heartbeat_) learn_what_is_signed(working);
    auto listening = std::make_unique<Connection>(options_.db, "bourse-worker listen", options_.patience());
    take_route(shares_sessions(working, *listening));
    register_worker(working, options_);
    keep_running(working);
    const auto inline_ones = inline_kinds(options_.kinds);
    taker_ = inline_ones.empty() ? nullptr : std::make_unique<Taker>(options_, inline_ones, pooled_);
    if (pooled_ || taker_) listening.reset();
    Connection* const hears = pooled_ ? nullptr : taker_ ? &taker_->connection() : listening.get();
    std::optional<Bell> bell;
    if (hears) {
        const Deadline deadline(*hears, options_.patience());
        bell.emplace(*hears, "bourse_jobs");  // LISTEN before the first look: nothing is missed
    }
    spdlog::info("event=session_started worker={} slots={} kinds={}", options_.name, options_.slots,
                 fmt::join(options_.kinds, ","));
    had_session_ = true;
    asleep_ = false;
    look_ = true;  // a full scan after every reconnect
    next_tick_ = Clock::now();
    while (!finished()) {
        look_round(working, hears);
        if (bell && bell->take()) {
            const auto now = Clock::now(), at = alarms_.answer(now);
            look_ = look_ || at <= now;
            next_tick_ = std::min(next_tick_, at);  // a load may have made features dirty
        }
    }
    heartbeat_.reset();
    stop_worker(working, options_);
}

// One round of the loop, to its sleep when there is nothing to do. Due jobs come before the tick: nobody waits for
// that.
void Worker::look_round(Connection& working, pqxx::connection_base* listening) {
    look_after_children();
    settle_ended(working);
    reports_.send_if_due(working);
    const bool looking = (look_ || Clock::now() >= next_look_) && !stopping_;
    int started = 0;
    if (looking || stopping_) look_again_later();
    if (looking) {
        look_ = false;
        started = take_due(working) + claim_due(working);
    }
    tick_if_due(working);
    if (started > 0) return;
    if (looking && !look_ && options_.once && running_.empty() && ended_.empty()) once_done_ = true;
    if (finished() || (look_ && !stopping_)) return;
    if (!pooled_ && !asleep_ && !stopping_ && static_cast<int>(running_.size()) < options_.slots) {
        sleep_worker(working, options_);
        asleep_ = look_ = true;  // who enqueued before it was seen has not rung: look once more
        look_pause_ = milliseconds(10);
        return;
    }
    sleep(listening);
}

// Who enqueued just after another one had rung has left it at that (bourse.ring), and may have committed after our
// look: once asleep we look a few times more, at growing distances.
void Worker::look_again_later() {
    const bool soon = asleep_ && !stopping_ && look_pause_ < options_.poll;
    next_look_ = soon ? Clock::now() + look_pause_ : Clock::time_point::max();
    if (soon) look_pause_ *= 4;
}

// A worker without a key says so once and leaves the kinds that sign to others.
void Worker::learn_what_is_signed(Connection& working) {
    const auto left_out = check_signer(working, options_, asked_kinds_);
    if (!left_out.empty())
        spdlog::warn("event=no_signing_key worker={} kinds_not_taken={} hint=\"bourse worker --signing-key FILE\"",
                     options_.name, fmt::join(left_out, ","));
}

// What a revoked key signs is refused: work for it would be lost.
void Worker::check_key(Connection& working) {
    if (!options_.signer || stopping_ || key_is_trusted(working, *options_.signer)) return;
    spdlog::error(
        "event=signing_key_revoked worker={} key={} hint=\"the worker ends when its jobs have; bourse keygen "
        "makes a new key\"",
        options_.name, options_.signer->key().name());
    stopping_ = true;
}

// The heartbeat reads the options: it starts anew when they change.
void Worker::take_route(bool pooled) {
    if (heartbeat_ && pooled == pooled_) return;
    heartbeat_.reset();
    pooled_ = pooled;
    options_.kinds = pooled ? without_session(asked_kinds_) : asked_kinds_;
    if (pooled)
        spdlog::warn(
            "event=pooler_shares_sessions worker={} mode=poll_only poll_ms={} kinds={} hint=\"connect to the "
            "server itself to be woken at once, and for kinds that need a session of their own\"",
            options_.name, options_.poll.count(), fmt::join(options_.kinds, ","));
    heartbeat_ = std::make_unique<Heartbeat>(options_);
    for (const auto& running : running_) heartbeat_->track({running.job.id, running.job.attempt});
}

// After an outage our own jobs come first: the tick that follows must not rescue what still runs here.
void Worker::keep_running(Connection& working) {
    std::vector<Attempt> attempts;
    for (const auto& running : running_) attempts.push_back({running.job.id, running.job.attempt});
    if (!attempts.empty()) obey(heartbeat(working, options_, attempts));
}

bool Worker::finished() const { return (stopping_ || once_done_) && running_.empty() && ended_.empty(); }

// The children go on; they and the stop signals are looked after while there is no server.
void Worker::wait_for_server(milliseconds pause) {
    taker_.reset();
    const auto until = Clock::now() + pause;
    while (!finished() && Clock::now() < until) {
        look_after_children();
        if (stopping_ && running_.empty()) ended_.clear();  // nobody to tell: the leases run out
        next_tick_ = next_due_ = next_look_ = until;
        sleep(nullptr);
    }
}

void Worker::take_signals() {
    for (int stops = signals_.take_stops(); stops > 0; --stops) {
        if (!stopping_) {
            stopping_ = true;
            spdlog::info("event=draining worker={} running={}", options_.name, running_.size());
        } else {
            spdlog::info("event=stopping_at_once worker={} running={}", options_.name, running_.size());
            for (auto& running : running_) ask_to_stop(running, StopReason::shutdown);
        }
    }
}

void Worker::look_after_children() {
    take_signals();
    if (heartbeat_) obey(heartbeat_->take_orders());
    const auto now = Clock::now();
    for (auto it = running_.begin(); it != running_.end();) {
        reports_.said(it->job, it->child.read_log());
        if (auto end = it->child.poll()) {
            const auto ran = std::chrono::duration_cast<milliseconds>(now - it->started);
            reports_.ended(it->job, *end, ran);
            ended_.push_back({std::move(it->job), it->memory_mb, std::move(*end), it->reason, ran});
            it = running_.erase(it);
            end_strays_of(ended_.back().job);
            look_ = true;                         // a slot is free
            if (options_.once) next_tick_ = now;  // what it has made due must not be missed by ending
        } else {
            ++it;
        }
    }
    stop_overdue(now);
}

void Worker::end_strays_of(const Job& job) const {
    std::vector<pid_t> living;
    for (const auto& running : running_) living.push_back(running.child.pid());
    end_strays(mark_of(job), living);
}

void Worker::obey(const std::vector<Order>& orders) {
    for (const auto& order : orders)
        for (auto& running : running_)
            if (order.attempt == Attempt{running.job.id, running.job.attempt}) ask_to_stop(running, order.reason);
}

void Worker::stop_overdue(Clock::time_point now) {
    for (auto& running : running_) {
        const auto& job = running.job;
        if (job.timeout_s > 0 && now >= running.started + std::chrono::duration<double>(job.timeout_s))
            ask_to_stop(running, StopReason::timeout);
        if (running.kill_at && now >= *running.kill_at) {
            running.child.signal(SIGKILL);
            running.kill_at = now + options_.grace;
        }
    }
}

void Worker::ask_to_stop(Running& running, StopReason reason) {
    if (running.reason != StopReason::none) return;
    running.reason = reason;
    running.kill_at = Clock::now() + options_.grace;
    running.child.signal(SIGTERM);
}

void Worker::settle_ended(Connection& working) {
    if (!ended_.empty()) reports_.send(working);  // before the job's end is known: who sees that sees its log
    while (!ended_.empty()) {
        injection_point(Point::before_settle);
        settle(working, ended_.front());
        heartbeat_->untrack({ended_.front().job.id, ended_.front().job.attempt});
        ended_.erase(ended_.begin());
    }
}

void Worker::tick_if_due(Connection& working) {
    const auto now = Clock::now();
    if (now < next_tick_ && now < next_due_) return;
    const auto due_s = tick(working);
    housekeeping_.run_if_due(working, options_);
    check_key(working);
    try {
        enqueue_refresh_jobs(working);
        last_refresh_error_.clear();
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (const pqxx::failure& e) {  // another area's trouble must not stop the queue
        if (last_refresh_error_ != e.what())
            spdlog::error("event=refresh_jobs_failed error=\"{}\"", one_line(e.what()));
        last_refresh_error_ = e.what();
    }
    next_tick_ = now + options_.poll;
    // One that stays overdue is locked by somebody: that is no reason to ask for it all the time.
    next_due_ = due_s ? now + milliseconds(static_cast<long>(std::clamp(*due_s, 0.02, 3600.0) * 1000) + 1)
                      : Clock::time_point::max();
    look_ = true;
}

Offer Worker::offer_left() const {
    Offer left = options_.offer;
    for (const auto& running : running_) left = left.less(running.resources);
    return left;
}

int Worker::claim_due(Connection& working) {
    const int free = options_.slots - static_cast<int>(running_.size());
    const auto kinds = child_kinds(options_.kinds);
    if (free <= 0 || kinds.empty()) return 0;
    const auto left = offer_left();
    auto claimed = claim(working, options_, kinds, free, &left);
    for (auto& c : claimed) start(working, std::move(c));
    return found_jobs(claimed.size());
}

void Worker::start(Connection& working, Claimed claimed) {
    const Job job = claimed.job;
    try {
        start_child(std::move(claimed));
    } catch (const std::system_error& e) {  // no process, no memory: perhaps later
        spdlog::error("event=child_not_started job={} kind={} error=\"{}\"", job.id, job.kind, e.what());
        fail(working, job, std::string("its child could not be started: ") + e.what(), true);
    }
}

void Worker::start_child(Claimed claimed) {
    const auto& signing = options_.signing_kinds;
    const bool signs = options_.signer && std::find(signing.begin(), signing.end(), claimed.job.kind) != signing.end();
    injection_point(Point::before_spawn);
    Child child(options_.task_program, request_of(options_, pooled_, claimed.job), limits_of(claimed),
                marks_of(mark_of(claimed.job)), signs ? options_.signer->open() : -1);
    injection_point(Point::after_spawn);
    const Job& job = claimed.job;
    spdlog::info("event=job_started job={} kind={} attempt={} pid={}", job.id, job.kind, job.attempt, child.pid());
    heartbeat_->track({job.id, job.attempt});
    running_.push_back({std::move(claimed.job), claimed.memory_mb, std::move(claimed.resources), std::move(child),
                        Clock::now(), StopReason::none, std::nullopt});
}

int Worker::sleep_ms(bool connected) const {
    auto until = std::min({next_tick_, next_due_, next_look_});
    if (connected) until = std::min(until, reports_.next_send());
    for (const auto& running : running_) {
        if (running.kill_at)
            until = std::min(until, *running.kill_at);
        else if (running.job.timeout_s > 0)
            until = std::min(until, running.started + std::chrono::duration_cast<Clock::duration>(
                                                          std::chrono::duration<double>(running.job.timeout_s)));
    }
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<long>(left, 0, 60'000));
}

void Worker::sleep(pqxx::connection_base* listening) {
    if (listening && listening->get_notifs() > 0) return;  // read with an answer: the socket says nothing of it
    std::vector<pollfd> fds{{signals_.fd(), POLLIN, 0},
                            {heartbeat_ ? heartbeat_->fd() : -1, POLLIN, 0},
                            {listening ? listening->sock() : -1, POLLIN, 0}};
    for (const auto& running : running_) fds.push_back({running.child.log_fd(), POLLIN, 0});
    if (::poll(fds.data(), fds.size(), sleep_ms(listening != nullptr)) < 0) return;  // EINTR reads as a timeout
    if (fds[2].revents) listening->get_notifs();  // throws broken_connection when the server is gone
}

}  // namespace bourse::workers
