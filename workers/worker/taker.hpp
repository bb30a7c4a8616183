// Does jobs of inline kinds: takes them by batches, each done and completed in the transaction that takes it. While one
// batch is in our hands the server finds the next: two connections as soon as batches are full, one until then. A few
// jobs are begun as soon as they are locked, and completed by the statement that commits: somebody waits for their
// start.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "workers/worker/inline_kinds.hpp"
#include "workers/worker/queries.hpp"

namespace bourse::workers {

class Taker {
public:
    // Connects when it is first asked. Throws pqxx::failure as Connection does, then or later; after that only its
    // destructor may be called: what was not committed is given back.
    // `pooled`: the sessions are a pooler's, nothing may be set in them.
    Taker(const Options& options, const std::vector<std::string>& kinds, bool pooled);

    // One batch, done and on its way to commit; with `last`, those already asked for and no new one. How many jobs
    // were done. 0: none is due, or one of them failed (failed() says so) and its batch was given back. Call it until
    // nothing is pending before any other statement that may wait for a job, a limit or a share.
    int round(bool last);
    bool pending() const noexcept;  // a batch is asked for or not committed yet: call round() again
    bool failed() const noexcept { return failed_; }
    bool take_failure() noexcept { return std::exchange(failed_, false); }

    // To listen on: the server process that hears the bell is the one that is then asked, and warm.
    Connection& connection() noexcept { return *lanes_[0].connection; }

private:
    struct Lane {
        std::unique_ptr<Connection> connection;
        std::string begin, take;  // take: up to the number of jobs to step over
        bool asked = false;
    };

    struct Answer {
        std::vector<Job> jobs;
        bool all = true;              // false: bourse.job_take_few wants the whole take to be asked for
        std::string looked = "NULL";  // with this
    };

    void connect(Lane& lane) const;
    std::string mark_of(Lane& lane);
    std::string begin(Lane& lane) const;
    void ask(Lane& lane, const std::string& query);
    void ask_for_batch(Lane& lane, const std::string& before, const std::string& looked = "NULL");
    Answer answer(Lane& lane);
    void end(Lane& lane, const std::string& command);
    bool do_jobs(Lane& lane, const std::vector<Job>& jobs);  // false: given back
    int complete_few(Lane& lane, const std::vector<Job>& jobs);
    static int done(const std::vector<Job>& jobs);

    const Options& options_;
    bool pooled_;
    std::string kinds_;  // by commas
    Lane lanes_[2];
    int next_ = 0;  // whose answer comes first
    bool failed_ = false;
};

}  // namespace bourse::workers
