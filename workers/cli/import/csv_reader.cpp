#include "workers/cli/import/csv_reader.hpp"

#include <algorithm>
#include <cstring>
#include <deque>

#include <csv.h>

#include "core/error.hpp"
#include "market/column_map.hpp"
#include "market/text_values.hpp"

namespace bourse::cli {
namespace {

constexpr std::size_t block_size = 256 * 1024;
constexpr std::size_t longest_field = 1024 * 1024;
constexpr std::size_t most_columns = 10'000;

// Cells of one row in one buffer: no allocation a cell.
struct TextRow {
    std::int64_t line = 0;
    std::string text;
    std::vector<std::size_t> ends;
    std::size_t size() const { return ends.size(); }
    std::string_view cell(std::size_t i) const {
        const std::size_t from = i ? ends[i - 1] : 0;
        return std::string_view(text).substr(from, ends[i] - from);
    }
};

// Rows come out of callbacks, so they are queued: at most those of one line fed.
class CsvReader : public TableReader {
public:
    CsvReader(ByteSource& source, const std::string& path) : source_(source), path_(path), block_(block_size) {
        if (csv_init(&parser_, CSV_APPEND_NULL) != 0) throw std::bad_alloc();
        try {
            read_header();
        } catch (...) {
            csv_free(&parser_);
            throw;
        }
    }
    ~CsvReader() override { csv_free(&parser_); }

    const std::vector<std::string>& columns() const override { return columns_; }
    std::int64_t line() const override { return line_; }
    const char* line_word() const override { return "line"; }
    std::size_t own_cells() const override { return current_.size(); }

    bool next(std::vector<Cell>& row) override {
        if (!take(current_)) return false;
        line_ = current_.line;
        row.assign(std::max(columns_.size(), current_.size()), Cell{});
        for (std::size_t i = 0; i < current_.size(); ++i) {
            const auto text = current_.cell(i);
            if (text.empty()) continue;
            row[i].kind = Cell::Kind::text;
            row[i].text = text;
        }
        return true;
    }

private:
    [[noreturn]] void fail(const std::string& why, std::string hint = {}) const {
        throw Error(ErrorKind::unreadable_file, path_ + ": " + why, std::move(hint));
    }

    void read_header() {
        if (!fill()) fail("the file is empty", "a header line and rows are expected");
        if (std::string_view(block_.data(), filled_).starts_with("\xef\xbb\xbf")) at_ = 3;
        csv_set_delim(&parser_, static_cast<unsigned char>(find_separator()));
        TextRow first;
        if (!take(first)) fail("the file has no rows", "a header line and rows are expected");
        if (is_data(first)) {
            columns_ = market::headerless_columns(first.size());
            rows_.push_front(std::move(first));
            return;
        }
        for (std::size_t i = 0; i < first.size(); ++i) columns_.emplace_back(market::trimmed(first.cell(i)));
        read_two_level_header(first);
    }

    // yfinance: Price,Close,High / Ticker,AAPL,AAPL / Date,,
    void read_two_level_header(const TextRow& first) {
        if (first.size() < 5 || first.cell(0) != "Price") return;
        TextRow second, third;
        if (!take(second)) return;
        if (second.cell(0) != "Ticker" || !take(third)) {
            rows_.push_front(std::move(second));
            return;
        }
        columns_[0] = third.cell(0);
        for (std::size_t i = 1; i < columns_.size() && i < second.size(); ++i)
            columns_[i] = "('" + std::string(first.cell(i)) + "', '" + std::string(second.cell(i)) + "')";
    }

    // A header names things; a row of data starts with a number or time and has a number after it.
    static bool is_data(const TextRow& row) {
        if (row.size() < 5) return false;
        const auto number = [&](std::size_t i) {
            return market::parse_number(row.cell(i)).kind == market::TextKind::value;
        };
        return market::parse_time(row.cell(0)) && number(1) && number(2) && number(3) && number(4);
    }

    char find_separator() const {
        const std::string_view seen(block_.data() + at_, filled_ - at_);
        const auto first_line = seen.substr(0, std::min(seen.find_first_of("\r\n"), seen.size()));
        char best = ',';
        std::ptrdiff_t most = 0;
        for (char mark : {',', ';', '\t', '|'})
            if (const auto count = std::count(first_line.begin(), first_line.end(), mark); count > most) {
                most = count;
                best = mark;
            }
        return best;
    }

    bool fill() {
        at_ = 0;
        filled_ = source_.read(block_);
        return filled_ > 0;
    }

    // Feeds libcsv line by line, so that it is known on which line a row begins.
    bool take(TextRow& row) {
        while (rows_.empty()) {
            if (at_ == filled_ && !fill()) {
                if (finished_) return false;
                finished_ = true;
                if (open_quote()) fail("line " + std::to_string(row_line_) + " opens a quote that never ends");
                csv_fini(&parser_, on_field, on_row, this);
                continue;
            }
            const char* from = block_.data() + at_;
            const auto* newline = static_cast<const char*>(std::memchr(from, '\n', filled_ - at_));
            const std::size_t count = newline ? static_cast<std::size_t>(newline - from) + 1 : filled_ - at_;
            if (csv_parse(&parser_, from, count, on_field, on_row, this) != count)
                fail("line " + std::to_string(lines_ + 1) + " cannot be read: " + csv_strerror(csv_error(&parser_)));
            at_ += count;
            if (newline) ++lines_;
            if (building_.ends.empty() && parser_.entry_pos == 0) row_line_ = lines_ + 1;
            if (parser_.entry_pos > longest_field || building_.text.size() > longest_field ||
                building_.ends.size() > most_columns)
                fail("line " + std::to_string(row_line_) + " is longer than any row of bars", "is this a CSV file?");
        }
        std::swap(row, rows_.front());
        if (spare_.size() < 4) spare_.push_back(std::move(rows_.front()));
        rows_.pop_front();
        return true;
    }

    bool open_quote() const { return parser_.quoted && parser_.pstate == 2; }

    static void on_field(void* text, std::size_t size, void* self) noexcept {
        auto& reader = *static_cast<CsvReader*>(self);
        reader.building_.text.append(static_cast<const char*>(text), size);
        reader.building_.ends.push_back(reader.building_.text.size());
    }

    static void on_row(int, void* self) noexcept {
        auto& reader = *static_cast<CsvReader*>(self);
        reader.building_.line = reader.row_line_;
        reader.rows_.push_back(std::move(reader.building_));
        reader.building_ = {};
        if (!reader.spare_.empty()) {  // keep the buffers of rows that are done
            reader.building_ = std::move(reader.spare_.back());
            reader.spare_.pop_back();
            reader.building_.text.clear();
            reader.building_.ends.clear();
        }
    }

    ByteSource& source_;
    std::string path_;
    std::vector<char> block_;
    std::size_t at_ = 0, filled_ = 0;
    std::int64_t lines_ = 0, row_line_ = 1, line_ = 0;
    bool finished_ = false;
    csv_parser parser_{};
    TextRow building_, current_;
    std::deque<TextRow> rows_;
    std::vector<TextRow> spare_;
    std::vector<std::string> columns_;
};

}  // namespace

std::unique_ptr<TableReader> open_csv(ByteSource& source, const std::string& path) {
    return std::make_unique<CsvReader>(source, path);
}

}  // namespace bourse::cli
