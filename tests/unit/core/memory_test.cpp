#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <random>
#include <stdexcept>
#include <thread>

#include "core/large_vector.hpp"
#include "core/pool.hpp"
#include "core/reused_memory.hpp"

namespace bourse {
namespace {

TEST(LargeVector, KeepsWhatIsInItAtEverySize) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 100; ++round) {
        LargeVector<std::uint64_t> values;
        std::vector<std::uint64_t> plain;
        for (int step = 0; step < 6; ++step) {
            const std::size_t before = values.size(), size = random() % (std::size_t{1} << (random() % 21));
            values.resize(size);
            plain.resize(size);
            for (std::size_t i = before; i < size; ++i) values[i] = plain[i] = random();
            ASSERT_TRUE(std::equal(values.begin(), values.end(), plain.begin(), plain.end())) << round << " " << step;
        }
    }
}

TEST(Pool, LendsEachToOneThreadAtATime) {
    struct Counter {
        std::size_t used = 0;
        bool lent = false;
    };
    Pool<Counter> pool;
    std::atomic<int> twice = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i)
                    pool.with_one([&](Counter& one) {
                        twice += std::exchange(one.lent, true);
                        ++one.used;
                        one.lent = false;
                    });
            });
    }
    EXPECT_EQ(twice, 0);
    std::size_t used = 0, made = 0;  // lent at the same time, so that each is met once
    const std::function<void(int)> count = [&](int more) {
        pool.with_one([&](Counter& one) {
            made += one.used > 0;
            used += one.used;
            if (more > 0) count(more - 1);
        });
    };
    count(3);
    EXPECT_EQ(used, 4000U);
    EXPECT_LE(made, 4U);
    EXPECT_THROW(pool.with_one([](Counter&) { throw std::runtime_error("of a piece"); }), std::runtime_error);
}

#if !defined(__SANITIZE_ADDRESS__)  // which has an allocator of its own
long faults() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_minflt;
}

// 40 MB in pieces that a program without it would ask the system for each time.
long faults_of_a_call() {
    const long before = faults();
    std::vector<std::vector<char>> pieces;
    for (int i = 0; i < 10; ++i) pieces.emplace_back(4 << 20, 'x');
    return faults() - before;
}

TEST(ReusedMemory, IsFaultedInOnce) {
    keep_freed_memory(64);
    faults_of_a_call();
    EXPECT_LT(faults_of_a_call(), 1000);  // of 10,240 small pages
}
#endif

}  // namespace
}  // namespace bourse
