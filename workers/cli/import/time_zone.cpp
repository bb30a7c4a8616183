#include "workers/cli/import/time_zone.hpp"

#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "core/error.hpp"
#include "market/text_values.hpp"

namespace bourse::cli {
namespace {

constexpr std::int64_t second = 1'000'000;

std::int64_t floor_seconds(std::int64_t us) { return us / second - (us % second < 0); }

}  // namespace

TimeZone::TimeZone(const std::string& name) {
    if (name == "UTC" || name == "Z" || name == "GMT") {
        fixed_ = true;
        return;
    }
    if (!name.empty() && (name[0] == '+' || name[0] == '-')) {
        const auto time = market::parse_time("2000-01-01T00:00:00" + name);
        if (time && time->zoned) {
            fixed_ = true;
            offset_us_ = 946684800 * second - time->us;
            return;
        }
    }
    const bool safe =
        !name.empty() && name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
                             std::string::npos;
    if (!safe || access(("/usr/share/zoneinfo/" + name).c_str(), R_OK) != 0)
        throw Error(ErrorKind::invalid_argument, "unknown time zone '" + name + "'",
                    "use a name such as Asia/Shanghai or America/New_York, or an offset such as +08:00");
    setenv("TZ", name.c_str(), 1);
    tzset();
}

std::int64_t TimeZone::to_instant(std::int64_t local_us) const {
    if (fixed_) return local_us - offset_us_;
    const std::time_t seconds = floor_seconds(local_us);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    parts.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&parts)) * second + (local_us - seconds * second);
}

std::int64_t TimeZone::to_local(std::int64_t instant_us) const {
    if (fixed_) return instant_us + offset_us_;
    const std::time_t seconds = floor_seconds(instant_us);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return instant_us + parts.tm_gmtoff * second;
}

}  // namespace bourse::cli
