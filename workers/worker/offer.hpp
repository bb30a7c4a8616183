// What a worker's host has for jobs that ask for resources (enqueue's argument of that name).
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bourse::workers {

struct Offer {
    double cpu = 0;        // processors
    double memory_mb = 0;  // MiB
    double gpu = 0;        // devices

    // What is left while a job holds what it has asked for; may be below zero. Unknown keys count for nothing.
    Offer less(const nlohmann::json& resources) const;
    std::string text() const;  // {"cpu": 4, "memory_mb": 16000, "gpu": 0}
};

// All that this host has: the processors that the process may use, its memory, its NVIDIA devices.
Offer host_offer();

// `base` with some of its parts replaced: {"cpu=4", "gpu=0"}. Throws Error(invalid_argument) for what it cannot read.
Offer changed(Offer base, const std::vector<std::string>& parts);

}  // namespace bourse::workers
