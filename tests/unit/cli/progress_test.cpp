#include "workers/cli/progress.hpp"

#include <gtest/gtest.h>

#include "workers/cli/console.hpp"

using namespace bourse::cli;

namespace {

Progress training() {
    Progress p;
    p.id = 42;
    p.kind = "train";
    p.subject = "demo · xgboost on basic:1";
    p.state = "running";
    p.stage = "train";
    p.attempt = 1;
    p.max_attempts = 5;
    p.ratio = 0.629;
    p.round = 186;
    p.rounds = 300;
    p.train_metric = 0.0201;
    p.valid_metric = 0.0231;
    p.eta_s = 12;
    return p;
}

}  // namespace

TEST(Progress, BarHasItsWidthAndIsMonotonic) {
    for (int i = 0; i <= 1000; ++i) EXPECT_EQ(display_width(progress_bar(i / 1000.0, 10)), 10u);
    EXPECT_EQ(progress_bar(0, 4), "    ");
    EXPECT_EQ(progress_bar(0.5, 4), "██  ");
    EXPECT_EQ(progress_bar(0.375, 4), "█▌  ");
    EXPECT_EQ(progress_bar(1, 4), "████");
    EXPECT_EQ(progress_bar(7, 4), "████");
    EXPECT_EQ(progress_bar(-1, 4), "    ");
    EXPECT_EQ(progress_bar(unknown_value, 4), "    ");
}

TEST(Progress, ARunningLineSaysWhatIsKnown) {
    EXPECT_EQ(progress_line(training()),
              "run 42 (demo · xgboost on basic:1) train 62 %, round 186 of 300, train 0.0201, valid 0.0231, 12 s left");
    auto wordy = training();
    wordy.note = "round 186 of at most 300, train 0.0201";
    EXPECT_EQ(progress_line(wordy), progress_line(training()));
    wordy.note = "reading basic:1";
    EXPECT_NE(progress_line(wordy).find(", reading basic:1, 12 s left"), std::string::npos);
    Progress bare;
    bare.id = 7;
    bare.kind = "noop";
    bare.state = "running";
    EXPECT_EQ(progress_line(bare), "job 7 (noop) running");
    bare.attempt = 2;
    bare.max_attempts = 5;
    bare.ratio = 0.999;
    EXPECT_EQ(progress_line(bare), "job 7 (noop) running 99 %, attempt 2 of 5");
}

TEST(Progress, AnEndedLineSaysHow) {
    auto p = training();
    p.state = "succeeded";
    p.elapsed_s = 75;
    p.result = "demo:3, test ic 0.05";
    EXPECT_EQ(progress_line(p), "run 42 (demo · xgboost on basic:1) succeeded after 1 min: demo:3, test ic 0.05");
    p.state = "dead";
    p.error = "child was killed\nstack";
    EXPECT_EQ(progress_line(p), "run 42 (demo · xgboost on basic:1) dead after 1 min: child was killed");
    p.state = "waiting";
    p.error.clear();
    p.why_waiting = "queue \"default\" was paused";
    EXPECT_EQ(progress_line(p), "run 42 (demo · xgboost on basic:1) waiting: queue \"default\" was paused");
}

TEST(Progress, LinesWithBarsFitTheTerminal) {
    for (int width = 20; width < 200; ++width)
        EXPECT_LE(display_width(progress_line_with_bar(training(), width)), static_cast<std::size_t>(width));
    EXPECT_NE(progress_line_with_bar(training(), 160).find("█"), std::string::npos);
}

TEST(Progress, MarksChangeWithTenthsNotWithCounts) {
    auto p = training();
    const auto mark = progress_mark(p);
    p.ratio = 0.65;
    p.round = 195;
    EXPECT_EQ(progress_mark(p), mark);
    p.ratio = 0.7;
    EXPECT_NE(progress_mark(p), mark);
    p.state = "waiting";
    p.why_waiting = "12 jobs are ahead";
    const auto waiting = progress_mark(p);
    p.why_waiting = "11 jobs are ahead";
    EXPECT_EQ(progress_mark(p), waiting);
    p.why_waiting = "no live worker";
    EXPECT_NE(progress_mark(p), waiting);
}
