#include "workers/worker/offer.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "workers/worker/host_usage.hpp"

namespace bourse::workers {
namespace {

double wanted(const nlohmann::json& resources, const char* key) {
    const auto found = resources.find(key);
    return found != resources.end() && found->is_number() ? found->get<double>() : 0;
}

int nvidia_devices() {
    int count = 0;
    std::error_code none;
    for (const auto& device : std::filesystem::directory_iterator("/dev", none)) {
        const auto name = device.path().filename().string();
        if (name.size() > 6 && name.starts_with("nvidia") &&
            name.find_first_not_of("0123456789", 6) == std::string::npos)
            ++count;
    }
    return count;
}

double* part(Offer& offer, const std::string& name) {
    if (name == "cpu") return &offer.cpu;
    if (name == "memory_mb") return &offer.memory_mb;
    if (name == "gpu") return &offer.gpu;
    return nullptr;
}

}  // namespace

Offer Offer::less(const nlohmann::json& resources) const {
    if (!resources.is_object()) return *this;
    return {cpu - wanted(resources, "cpu"), memory_mb - wanted(resources, "memory_mb"), gpu - wanted(resources, "gpu")};
}

std::string Offer::text() const { return nlohmann::json{{"cpu", cpu}, {"memory_mb", memory_mb}, {"gpu", gpu}}.dump(); }

Offer host_offer() {
    const auto usage = read_host_usage();
    return {static_cast<double>(usage.cpus), std::floor(usage.memory_total_mb.value_or(0)),
            static_cast<double>(nvidia_devices())};
}

Offer changed(Offer base, const std::vector<std::string>& parts) {
    for (const auto& text : parts) {
        const auto sign = text.find('=');
        const auto name = text.substr(0, sign);
        double* const value = part(base, name);
        if (!value) {
            const std::vector<std::string> known{"cpu", "memory_mb", "gpu"};
            const auto near = nearest(name, known);
            throw Error(ErrorKind::invalid_argument, "unknown resource \"" + name + "\" in the offer",
                        "known: cpu, memory_mb, gpu" + (near.empty() ? "" : "; did you mean " + near + "?"));
        }
        const auto number = sign == std::string::npos ? std::string() : text.substr(sign + 1);
        const auto* const end = number.data() + number.size();
        const auto read = std::from_chars(number.data(), end, *value);
        if (read.ec != std::errc() || read.ptr != end || !(*value >= 0 && *value < 1e9))
            throw Error(ErrorKind::invalid_argument,
                        "the offer of " + name + " is \"" + number + "\", expected a number from 0",
                        "for example --offer cpu=4,memory_mb=16000");
    }
    return base;
}

}  // namespace bourse::workers
