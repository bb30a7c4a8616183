#include "workers/worker/host_usage.hpp"

#include <fstream>
#include <iterator>
#include <sched.h>
#include <sstream>
#include <sys/statvfs.h>

namespace bourse::workers {
namespace {

std::string file_text(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

int cpus() {
    cpu_set_t allowed;
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

}  // namespace

std::optional<double> load_of(const std::string& loadavg) {
    std::istringstream in(loadavg);
    double load = 0;
    if (in >> load) return load;
    return std::nullopt;
}

std::optional<double> meminfo_mb(const std::string& meminfo, const std::string& name) {
    std::istringstream in(meminfo);
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(name + ":", 0) != 0) continue;
        std::istringstream rest(line.substr(name.size() + 1));
        double kib = 0;
        if (rest >> kib) return kib / 1024;
    }
    return std::nullopt;
}

HostUsage read_host_usage() {
    HostUsage usage;
    usage.cpus = cpus();
    usage.load = load_of(file_text("/proc/loadavg"));
    const auto meminfo = file_text("/proc/meminfo");
    usage.memory_total_mb = meminfo_mb(meminfo, "MemTotal");
    if (const auto available = meminfo_mb(meminfo, "MemAvailable"); available && usage.memory_total_mb)
        usage.memory_used_mb = *usage.memory_total_mb - *available;
    struct statvfs disk {};
    if (statvfs(".", &disk) == 0)
        usage.disk_free_mb = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / (1 << 20);
    return usage;
}

}  // namespace bourse::workers
