#include "workers/common/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace bourse::workers {

int processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

Parallel side_by_side(int threads, CheckInterrupts interrupts) {
    return [threads, interrupts = std::move(interrupts)](std::size_t pieces,
                                                         const std::function<void(std::size_t)>& work) {
        std::atomic<std::size_t> next = 0;
        std::mutex failing;
        std::exception_ptr failure;
        const auto run = [&](const CheckInterrupts& look) {
            try {
                for (std::size_t piece = next++; piece < pieces; piece = next++) {
                    check(look);
                    work(piece);
                }
            } catch (...) {
                next = pieces;
                const std::lock_guard lock(failing);
                if (!failure) failure = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> others;
            const auto most = std::min(static_cast<std::size_t>(std::max(threads, 1)), pieces);
            for (std::size_t i = 1; i < most; ++i) others.emplace_back([&] { run({}); });
            run(interrupts);
        }
        if (failure) std::rethrow_exception(failure);
    };
}

}  // namespace bourse::workers
