#include "workers/worker/job_log.hpp"

#include <gtest/gtest.h>

namespace bourse::workers {
namespace {

const auto now = JobLog::Clock::now();

std::vector<LogLine> lines_of(std::string_view bytes) {
    JobLog log;
    log.append(bytes, now);
    log.end(now);
    return log.take();
}

std::string numbered(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += "line " + std::to_string(i) + "\n";
    return text;
}

TEST(JobLog, TakesTheLevelOffLinesOfOurs) {
    const auto lines = lines_of("2026-11-21T14:35:52.123456 warning disk is full\n[14:35:52] WARNING: from a library\n");
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].level, "warning");
    EXPECT_EQ(lines[0].message, "disk is full");
    EXPECT_EQ(lines[1].level, "stderr");
    EXPECT_EQ(lines[1].message, "[14:35:52] WARNING: from a library");
    EXPECT_EQ(lines[1].number, 2);
}

TEST(JobLog, LooksLikeALevelButIsNone) {
    for (const char* text : {"2026-11-21T14:35:52.123456 warningly so", "2026-11-21T14:35:52.123456 warning",
                             "2026-11-21 14:35:52.123456 info x", "2026-11-21T14:35:52.12x info x"}) {
        const auto lines = lines_of(text);
        ASSERT_EQ(lines.size(), 1u) << text;
        EXPECT_EQ(lines[0].level, "stderr") << text;
        EXPECT_EQ(lines[0].message, text);
    }
}

TEST(JobLog, JoinsPiecesAndEndsWhatIsUnfinished) {
    JobLog log;
    log.append("first ha", now);
    EXPECT_TRUE(log.take().empty());
    log.append("lf\nsecond", now);
    ASSERT_EQ(log.take().size(), 1u);
    log.end(now);
    const auto rest = log.take();
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].message, "second");
    EXPECT_TRUE(log.take().empty());
}

TEST(JobLog, ProgressBarsAndEmptyLinesAndControlBytes) {
    const auto lines = lines_of(std::string_view("10 %\r20 %\r\n\n  \n\x1b[31mred\0end\tx\x7f\n", 31));
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[1].message, "20 %");
    EXPECT_EQ(lines[2].message, " [31mred end\tx ");
    EXPECT_EQ(lines[2].number, 3);
}

TEST(JobLog, CutsLongLines) {
    const auto lines = lines_of(std::string(5000, 'x') + "\nnext\n");
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].message, std::string(JobLog::line_bytes, 'x') + "…");
    EXPECT_EQ(lines[1].message, "next");
}

TEST(JobLog, KeepsTheFirstAndTheLastLines) {
    JobLog log;
    log.append(numbered(1, 5000), now);
    EXPECT_EQ(log.take().size(), 1000u);
    log.append(numbered(5001, 5002), now);
    EXPECT_TRUE(log.take().empty());  // not before its end: more may follow
    log.end(now);
    const auto last = log.take();
    ASSERT_EQ(last.size(), 101u);
    EXPECT_EQ(last[0].message, "3902 lines were left out here");  // 5002 - 1000 - 100
    EXPECT_EQ(last[0].level, "warning");
    EXPECT_EQ(last[0].number, 4902);
    EXPECT_EQ(last[1].message, "line 4903");
    EXPECT_EQ(last[1].number, 4903);
    EXPECT_EQ(last[100].message, "line 5002");
}

TEST(JobLog, BoundsBytesToo) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += std::string(1999, 'y') + "\n";
    JobLog log;
    log.append(text, now);
    EXPECT_EQ(log.take().size(), 131u);  // 262,144 / 1,999
    log.end(now);
    EXPECT_EQ(log.take().size(), 101u);
}

TEST(JobLog, LeavesNothingOutWhenTheRestFits) {
    JobLog log;
    log.append(numbered(1, 1100), now);
    log.end(now);
    const auto lines = log.take();
    ASSERT_EQ(lines.size(), 1100u);
    EXPECT_EQ(lines.back().message, "line 1100");
}

}  // namespace
}  // namespace bourse::workers
