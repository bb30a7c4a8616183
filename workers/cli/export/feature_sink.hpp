// Where exported features go: one row at a time, memory for one block of rows.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::cli {

class FeatureSink {
public:
    virtual ~FeatureSink() = default;
    // Times in microseconds since 1970 UTC; one value a feature, NaN where it is missing.
    virtual void add(std::string_view symbol, std::int64_t ts_us, std::int64_t available_us,
                     std::span<const float> features) = 0;
    // Writes what is left, down to the disk.
    virtual void finish() = 0;
};

// Columns symbol, ts, available_at, then the features. Errors: invalid_argument when the file cannot be written.
// CSV: a header; times as 2024-01-02T00:00:00Z; the shortest text that reads back as the same float32, inf, nothing
// where it is missing.
std::unique_ptr<FeatureSink> csv_sink(const std::string& path, const std::vector<std::string>& features);
// Parquet: string, two timestamps (microseconds, UTC), floats with nulls, compressed with zstd. Errors also:
// unavailable where the build has no Arrow C++.
std::unique_ptr<FeatureSink> parquet_sink(const std::string& path, const std::vector<std::string>& features);

}  // namespace bourse::cli
