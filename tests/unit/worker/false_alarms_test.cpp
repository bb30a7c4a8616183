#include <gtest/gtest.h>

#include "workers/worker/wakeup.hpp"

namespace bourse::workers {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// How many looks a worker takes that hears a ring every 100 us for a second and finds a job at every `useful`-th look.
int looks_in_a_second(int useful) {
    FalseAlarms alarms;
    const FalseAlarms::Clock::time_point start{seconds(1000)};
    auto next = FalseAlarms::Clock::time_point::max();
    int looks = 0;
    for (auto now = start; now < start + seconds(1); now += microseconds(100)) {
        next = std::min(next, alarms.answer(now));
        if (next > now) continue;
        next = FalseAlarms::Clock::time_point::max();
        if (++looks % useful == 0) alarms.brought_jobs();
    }
    return looks;
}

TEST(FalseAlarms, AFloodIsAnsweredNowAndThen) {
    EXPECT_GE(looks_in_a_second(1'000'000), 20);
    EXPECT_LE(looks_in_a_second(1'000'000), 60);
}

TEST(FalseAlarms, RingsThatBringJobsAreAllAnswered) { EXPECT_EQ(looks_in_a_second(10), 10'000); }

TEST(FalseAlarms, AnswersAtOnceAgainAfterAJob) {
    FalseAlarms alarms;
    FalseAlarms::Clock::time_point now{seconds(1000)};
    for (int ring = 0; ring < 1000; ++ring) alarms.answer(now += microseconds(10));
    EXPECT_GT(alarms.answer(now), now);
    alarms.brought_jobs();
    EXPECT_EQ(alarms.answer(now), now);
}

TEST(FalseAlarms, AnswersALonelyRingAtOnce) {
    FalseAlarms alarms;
    FalseAlarms::Clock::time_point now{seconds(1000)};
    for (int ring = 0; ring < 1000; ++ring) {
        now += milliseconds(60);
        ASSERT_EQ(alarms.answer(now), now);
    }
}

}  // namespace
}  // namespace bourse::workers
