#include "workers/cli/export/feature_sink.hpp"

#include "core/error.hpp"

#ifdef BOURSE_HAVE_ARROW

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>

namespace bourse::cli {
namespace {

constexpr std::size_t group_bytes = std::size_t{32} << 20;  // of one row group in memory

class ParquetSink final : public FeatureSink {
public:
    ParquetSink(const std::string& path, const std::vector<std::string>& features) : path_(path) {
        const auto time = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
        arrow::FieldVector fields{arrow::field("symbol", arrow::utf8(), false), arrow::field("ts", time, false),
                                  arrow::field("available_at", time, false)};
        for (const auto& feature : features) {
            fields.push_back(arrow::field(feature, arrow::float32()));
            columns_.push_back(std::make_unique<arrow::FloatBuilder>());
        }
        schema_ = arrow::schema(fields);
        ts_ = std::make_unique<arrow::TimestampBuilder>(time, arrow::default_memory_pool());
        available_ = std::make_unique<arrow::TimestampBuilder>(time, arrow::default_memory_pool());
        group_rows_ = std::clamp<std::size_t>(group_bytes / (features.size() * 5 + 40), 1000, 1000000);
        const auto compression = arrow::util::Codec::IsAvailable(arrow::Compression::ZSTD)
                                     ? arrow::Compression::ZSTD
                                     : arrow::Compression::UNCOMPRESSED;
        file_ = value(arrow::io::FileOutputStream::Open(path));
        // Dictionaries help the symbols alone; for floats they would cost memory and time.
        const auto properties = parquet::WriterProperties::Builder()
                                    .compression(compression)
                                    ->disable_dictionary()
                                    ->enable_dictionary("symbol")
                                    ->build();
        const auto stored_schema = parquet::ArrowWriterProperties::Builder().store_schema()->build();
        writer_ = value(
            parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), file_, properties, stored_schema));
    }

    void add(std::string_view symbol, std::int64_t ts_us, std::int64_t available_us,
             std::span<const float> features) override {
        done(symbol_.Append(symbol));
        done(ts_->Append(ts_us));
        done(available_->Append(available_us));
        for (std::size_t f = 0; f < features.size(); ++f)
            done(std::isnan(features[f]) ? columns_[f]->AppendNull() : columns_[f]->Append(features[f]));
        if (++rows_ == group_rows_) write_group();
    }

    void finish() override {
        if (rows_ > 0) write_group();
        done(writer_->Close());
        done(file_->Flush());
        const int descriptor = file_->file_descriptor();
        if (fsync(descriptor) != 0) done(arrow::Status::IOError("fsync failed"));
        done(file_->Close());
    }

private:
    void done(const arrow::Status& status) const {
        if (!status.ok())
            throw Error(ErrorKind::invalid_argument, "cannot write \"" + path_ + "\": " + status.message(),
                        "choose another --to");
    }
    template <class T>
    T value(arrow::Result<T> result) const {
        done(result.status());
        return std::move(result).ValueUnsafe();
    }

    void write_group() {
        arrow::ArrayVector arrays;
        const auto take = [&](arrow::ArrayBuilder& builder) { arrays.push_back(value(builder.Finish())); };
        take(symbol_);
        take(*ts_);
        take(*available_);
        for (const auto& column : columns_) take(*column);
        const auto table = arrow::Table::Make(schema_, arrays, static_cast<std::int64_t>(rows_));
        done(writer_->WriteTable(*table, static_cast<std::int64_t>(rows_)));
        rows_ = 0;
    }

    std::string path_;
    std::shared_ptr<arrow::Schema> schema_;
    std::shared_ptr<arrow::io::FileOutputStream> file_;
    std::unique_ptr<parquet::arrow::FileWriter> writer_;
    arrow::StringBuilder symbol_;
    std::unique_ptr<arrow::TimestampBuilder> ts_, available_;
    std::vector<std::unique_ptr<arrow::FloatBuilder>> columns_;
    std::size_t rows_ = 0, group_rows_ = 0;
};

}  // namespace

std::unique_ptr<FeatureSink> parquet_sink(const std::string& path, const std::vector<std::string>& features) {
    return std::make_unique<ParquetSink>(path, features);
}

}  // namespace bourse::cli

#else

namespace bourse::cli {

std::unique_ptr<FeatureSink> parquet_sink(const std::string&, const std::vector<std::string>&) {
    throw Error(ErrorKind::unavailable, "this build cannot write Parquet: Arrow C++ was missing",
                "write --to a .csv file, or build where pip can fetch pyarrow (make test says what is missing)");
}

}  // namespace bourse::cli

#endif
