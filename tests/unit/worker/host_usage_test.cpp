#include "workers/worker/host_usage.hpp"

#include <gtest/gtest.h>

namespace bourse::workers {
namespace {

TEST(HostUsage, ReadsTheKernelsFiles) {
    EXPECT_DOUBLE_EQ(load_of("2.08 1.97 1.94 3/512 12345\n").value(), 2.08);
    EXPECT_FALSE(load_of(""));
    const std::string meminfo = "MemTotal:       16384000 kB\nMemFree:          100 kB\nMemAvailable:    8192000 kB\n";
    EXPECT_DOUBLE_EQ(meminfo_mb(meminfo, "MemTotal").value(), 16000);
    EXPECT_DOUBLE_EQ(meminfo_mb(meminfo, "MemAvailable").value(), 8000);
    EXPECT_FALSE(meminfo_mb(meminfo, "Mem"));
    EXPECT_FALSE(meminfo_mb("MemTotal: none\n", "MemTotal"));
}

TEST(HostUsage, OfThisMachine) {
    const auto usage = read_host_usage();
    EXPECT_GE(usage.cpus, 1);
    ASSERT_TRUE(usage.memory_total_mb && usage.memory_used_mb && usage.load && usage.disk_free_mb);
    EXPECT_GT(*usage.memory_used_mb, 0);
    EXPECT_LT(*usage.memory_used_mb, *usage.memory_total_mb);
    EXPECT_GE(*usage.disk_free_mb, 0);
}

}  // namespace
}  // namespace bourse::workers
