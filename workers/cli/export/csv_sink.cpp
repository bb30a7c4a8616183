#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "core/error.hpp"
#include "workers/cli/export/feature_sink.hpp"

namespace bourse::cli {
namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

class CsvSink final : public FeatureSink {
public:
    CsvSink(const std::string& path, const std::vector<std::string>& features)
        : path_(path), file_(std::fopen(path.c_str(), "wb")) {
        if (!file_) fail();
        text("symbol");
        buffer_ += ",ts,available_at";
        for (const auto& feature : features) {
            buffer_ += ',';
            text(feature);
        }
        buffer_ += '\n';
    }
    ~CsvSink() override {
        if (file_) std::fclose(file_);
    }

    void add(std::string_view symbol, std::int64_t ts_us, std::int64_t available_us,
             std::span<const float> features) override {
        text(symbol);
        time(ts_us);
        time(available_us);
        for (const float value : features) {
            buffer_ += ',';
            if (!std::isnan(value)) number(value);
        }
        buffer_ += '\n';
        if (buffer_.size() >= buffer_bytes) flush();
    }

    void finish() override {
        flush();
        const bool written = std::fflush(file_) == 0 && fsync(fileno(file_)) == 0;
        const int closed = std::fclose(file_);
        file_ = nullptr;
        if (!written || closed != 0) fail();
    }

private:
    [[noreturn]] void fail() const {
        throw Error(ErrorKind::invalid_argument, "cannot write \"" + path_ + "\": " + std::strerror(errno),
                    "choose another --to");
    }

    void flush() {
        if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) fail();
        buffer_.clear();
    }

    void text(std::string_view value) {
        if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
            buffer_ += value;
            return;
        }
        buffer_ += '"';
        for (const char c : value) {
            if (c == '"') buffer_ += '"';
            buffer_ += c;
        }
        buffer_ += '"';
    }

    void number(float value) {
        char digits[32];
        const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
        buffer_.append(digits, error == std::errc{} ? end : digits);
    }

    void time(std::int64_t us) {
        using namespace std::chrono;
        const sys_time<microseconds> at{microseconds(us)};
        const auto day = floor<days>(at);
        const year_month_day date(day);
        const hh_mm_ss<microseconds> clock(at - day);
        char stamp[64];
        std::snprintf(stamp, sizeof stamp, ",%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
        buffer_ += stamp;
        if (const auto rest = clock.subseconds().count(); rest != 0) {
            std::snprintf(stamp, sizeof stamp, ".%06d", static_cast<int>(rest));
            buffer_ += stamp;
        }
        buffer_ += 'Z';
    }

    std::string path_;
    std::FILE* file_;
    std::string buffer_;
};

}  // namespace

std::unique_ptr<FeatureSink> csv_sink(const std::string& path, const std::vector<std::string>& features) {
    return std::make_unique<CsvSink>(path, features);
}

}  // namespace bourse::cli
