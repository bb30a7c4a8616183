// How busy the machine of this worker is. Sources: /proc/loadavg, /proc/meminfo, statvfs.
#pragma once

#include <optional>
#include <string>

namespace bourse::workers {

struct HostUsage {
    int cpus = 0;                                           // that this process may use
    std::optional<double> load;                             // mean number of runnable tasks, last minute
    std::optional<double> memory_used_mb, memory_total_mb;  // MiB; used: what is not available to new work
    std::optional<double> disk_free_mb;                     // MiB, of the working directory's file system
};

// What cannot be read is missing.
HostUsage read_host_usage();

// The parts of it, from the files' text; nothing when it is not there.
std::optional<double> load_of(const std::string& loadavg);
std::optional<double> meminfo_mb(const std::string& meminfo, const std::string& name);

}  // namespace bourse::workers
