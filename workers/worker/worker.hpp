// The daemon: claims jobs, runs each in a child, tells how it ended. It trains nothing and reads no user data.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "workers/worker/child.hpp"
#include "workers/worker/heartbeat.hpp"
#include "workers/worker/housekeeping.hpp"
#include "workers/worker/options.hpp"
#include "workers/worker/reports.hpp"
#include "workers/worker/settle.hpp"
#include "workers/worker/taker.hpp"
#include "workers/worker/wakeup.hpp"

namespace bourse::workers {

class Worker {
public:
    Worker(Options options, Signals& signals);

    // Until a stop signal has come and the running jobs have ended (a second signal stops those too), or, with
    // options.once, until nothing is due. Lost sessions are taken up again. Throws what keeps the first one from
    // working, except, without once, a server that cannot be reached yet.
    void run();

private:
    using Clock = std::chrono::steady_clock;

    struct Running {
        Job job;
        int memory_mb;
        nlohmann::json resources;
        Child child;
        Clock::time_point started;
        StopReason reason = StopReason::none;
        std::optional<Clock::time_point> kill_at;  // after SIGTERM
    };

    void session();
    void look_round(Connection& working, pqxx::connection_base* listening);
    void look_again_later();
    void take_route(bool pooled);
    void learn_what_is_signed(Connection& working);
    void check_key(Connection& working);
    void keep_running(Connection& working);
    void wait_for_server(std::chrono::milliseconds pause);
    bool finished() const;
    void look_after_children();
    void end_strays_of(const Job& job) const;
    void obey(const std::vector<Order>& orders);
    void stop_overdue(Clock::time_point now);
    void ask_to_stop(Running& running, StopReason reason);
    void take_signals();
    void settle_ended(Connection& working);
    void tick_if_due(Connection& working);
    int take_due(Connection& working);
    std::size_t claim_inline(Connection& working, const std::vector<std::string>& kinds);
    void do_inline(Connection& working, const Job& job);
    int found_jobs(std::size_t count);
    int claim_due(Connection& working);
    Offer offer_left() const;
    void start(Connection& working, Claimed claimed);
    void start_child(Claimed claimed);
    void sleep(pqxx::connection_base* listening);
    int sleep_ms(bool connected) const;

    Options options_;  // changed while no heartbeat runs, which reads it
    std::vector<std::string> asked_kinds_;
    Reports reports_{options_};
    Housekeeping housekeeping_;
    Signals& signals_;
    std::unique_ptr<Heartbeat> heartbeat_;
    std::unique_ptr<Taker> taker_;
    std::list<Running> running_;
    std::vector<Ended> ended_;  // not told to the database yet
    bool stopping_ = false;
    bool once_done_ = false;
    bool had_session_ = false;
    bool pooled_ = false;  // a pooler shares the sessions: no bell, polling alone
    bool asleep_ = false;  // the register says that we sleep
    bool look_ = true;     // there may be due jobs
    Clock::time_point next_tick_{};
    Clock::time_point next_due_{};
    Clock::time_point next_look_ = Clock::time_point::max();
    std::chrono::milliseconds look_pause_{0};
    FalseAlarms alarms_;
    std::minstd_rand random_{std::random_device{}()};
    std::string last_refresh_error_;
};

}  // namespace bourse::workers
