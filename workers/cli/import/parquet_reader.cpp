#include "workers/cli/import/parquet_reader.hpp"

#include "core/error.hpp"

#ifdef BOURSE_HAVE_ARROW

#include <algorithm>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include "workers/cli/import/parquet_cells.hpp"

namespace bourse::cli {
namespace {

constexpr std::int64_t batch_rows = 16'384;
constexpr std::int64_t memory_limit_bytes = 1'000'000'000;  // a few kilobytes can unpack to gigabytes

class ParquetReader : public TableReader {
public:
    explicit ParquetReader(const std::string& path)
        : path_(path), pool_(arrow::default_memory_pool(), memory_limit_bytes) {
        guarded([this] { open(); });
    }

    const std::vector<std::string>& columns() const override { return columns_; }
    std::int64_t line() const override { return line_; }
    const char* line_word() const override { return "row"; }
    double progress_ratio() const override {
        return total_rows_ > 0 ? static_cast<double>(line_) / static_cast<double>(total_rows_) : 1;
    }

    void use_only(const std::vector<int>& columns) override {
        guarded([&] {
            for (const int column : columns) {
                const auto& type = *schema_->field(column)->type();
                if (!is_readable(type) || leaf_of(column) < 0)
                    throw Error(ErrorKind::refused_file,
                                path_ + ": column " + columns_[static_cast<std::size_t>(column)] + " has the type " +
                                    type.ToString(),
                                "numbers, texts, dates and timestamps can be read; choose another column with --map");
                used_.push_back(column);
            }
        });
    }

    bool next(std::vector<Cell>& row) override {
        while (at_ == batch_size()) {
            bool more = false;
            guarded([&] { more = next_batch(); });
            if (!more) {
                if (line_ != total_rows_)
                    throw Error(ErrorKind::unreadable_file, path_ + ": its footer promises " +
                                                                std::to_string(total_rows_) + " rows, " +
                                                                std::to_string(line_) + " are there");
                return false;
            }
        }
        row.assign(columns_.size(), Cell{});
        for (std::size_t i = 0; i < used_.size(); ++i) getters_[i](at_, row[static_cast<std::size_t>(used_[i])]);
        ++at_;
        ++line_;
        return true;
    }

private:
    // Whatever Arrow throws is a fault of the file.
    template <class F>
    void guarded(F&& body) {
        try {
            body();
        } catch (const Error&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw Error(ErrorKind::unreadable_file, path_ + ": it does not fit into memory",
                        "write it with smaller row groups");
        } catch (const std::exception& e) {
            throw Error(ErrorKind::unreadable_file, path_ + " is a damaged or truncated Parquet file: " + e.what(),
                        "copy or write it again");
        }
    }

    static void check(const arrow::Status& status) {
        if (status.ok()) return;
        if (status.IsOutOfMemory()) throw std::bad_alloc();
        throw std::runtime_error(status.message());
    }
    template <class T>
    static T take(arrow::Result<T> result) {
        check(result.status());
        return std::move(result).ValueUnsafe();
    }

    void open() {
        auto file = take(arrow::io::ReadableFile::Open(path_, &pool_));
        parquet::ReaderProperties properties(&pool_);
        properties.enable_buffered_stream();  // pages as they are needed, not whole column chunks
        properties.set_page_checksum_verification(true);
        parquet::ArrowReaderProperties arrow_properties;
        arrow_properties.set_use_threads(false);
        arrow_properties.set_pre_buffer(false);
        arrow_properties.set_batch_size(batch_rows);
        parquet::arrow::FileReaderBuilder builder;
        check(builder.Open(file, properties));
        builder.memory_pool(&pool_)->properties(arrow_properties);
        reader_ = take(builder.Build());
        check(reader_->GetSchema(&schema_));
        for (const auto& field : schema_->fields()) columns_.push_back(field->name());
        total_rows_ = reader_->parquet_reader()->metadata()->num_rows();
        if (total_rows_ < 0) throw std::runtime_error("a negative number of rows");
    }

    // The leaf of a flat column; -1 for nested ones.
    int leaf_of(int column) const {
        const auto* descriptor = reader_->parquet_reader()->metadata()->schema();
        for (int leaf = 0; leaf < descriptor->num_columns(); ++leaf)
            if (descriptor->GetColumnRoot(leaf) == descriptor->group_node()->field(column).get())
                return descriptor->GetColumnRoot(leaf)->is_primitive() ? leaf : -1;
        return -1;
    }

    std::int64_t batch_size() const { return batch_ ? batch_->num_rows() : 0; }

    bool next_batch() {
        if (!batches_) {
            std::vector<int> leaves, groups(static_cast<std::size_t>(reader_->num_row_groups()));
            for (const int column : used_) leaves.push_back(leaf_of(column));
            for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<int>(i);
            batches_ = take(reader_->GetRecordBatchReader(groups, leaves));
        }
        at_ = 0;
        check(batches_->ReadNext(&batch_));
        if (!batch_) return false;
        check(batch_->ValidateFull());  // offsets and indexes of a hostile file
        getters_.clear();
        if (batch_->num_columns() != static_cast<int>(used_.size()))
            throw std::runtime_error("a column is missing in a row group");
        for (int i = 0; i < batch_->num_columns(); ++i) getters_.push_back(cells_of(batch_->column(i)));
        return true;
    }

    std::string path_;
    arrow::CappedMemoryPool pool_;  // before everything that frees into it
    std::unique_ptr<parquet::arrow::FileReader> reader_;
    std::shared_ptr<arrow::Schema> schema_;
    std::unique_ptr<arrow::RecordBatchReader> batches_;
    std::shared_ptr<arrow::RecordBatch> batch_;
    std::vector<std::string> columns_;
    std::vector<int> used_;  // ascending
    std::vector<CellGetter> getters_;
    std::int64_t total_rows_ = 0, line_ = 0, at_ = 0;
};

}  // namespace

std::unique_ptr<TableReader> open_parquet(const std::string& path) { return std::make_unique<ParquetReader>(path); }

}  // namespace bourse::cli

#else

namespace bourse::cli {

std::unique_ptr<TableReader> open_parquet(const std::string& path) {
    throw Error(ErrorKind::unavailable, path + ": this program was built without Arrow C++, so it reads no Parquet",
                "run workers/setup/packages.sh with a network, build again, or convert the file to CSV");
}

}  // namespace bourse::cli

#endif
