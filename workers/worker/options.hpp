// What a worker is told at its start.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "workers/worker/offer.hpp"

namespace bourse::workers {

class Signer;

struct Options {
    std::string db;                           // libpq conninfo; never logged
    std::string name;                         // unique among all workers, ever
    std::string task_program;                 // path of bourse-task
    int slots = 1;                            // jobs at once
    std::vector<std::string> kinds;           // job kinds taken
    Offer offer = host_offer();               // for jobs that ask for resources
    std::shared_ptr<Signer> signer;           // nothing: no job kind that signs is taken
    std::vector<std::string> signing_kinds;   // as the database says, known once connected
    bool once = false;                        // end when nothing is due
    std::chrono::milliseconds lease{30'000};  // how long a silent worker keeps its jobs
    std::chrono::milliseconds poll{1'000};    // longest pause between two looks for due jobs
    std::chrono::milliseconds grace{10'000};  // from SIGTERM to SIGKILL of a child

    // How long an answer may take: a heartbeat is late enough then that another one is tried on a new connection, well
    // within the two thirds of its lease that a job has left at least.
    std::chrono::milliseconds heartbeat_patience() const { return lease / 3; }
    std::chrono::milliseconds patience() const { return std::max(lease / 3, std::chrono::milliseconds(2'000)); }
};

// Job kinds that this program can do, sorted.
std::vector<std::string> known_kinds();

}  // namespace bourse::workers
