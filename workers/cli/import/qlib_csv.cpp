#include "workers/cli/import/qlib_csv.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/error.hpp"
#include "market/code_style.hpp"
#include "market/frequency.hpp"
#include "market/qlib_layout.hpp"
#include "workers/cli/export/qlib_writer.hpp"
#include "workers/cli/import/csv_reader.hpp"
#include "workers/cli/import/interrupt.hpp"

namespace bourse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t day_us = 86'400'000'000;
constexpr float none = std::numeric_limits<float>::quiet_NaN();

struct Series {
    std::string place;  // file and line of its first row
    std::vector<std::int64_t> times, lines;
    std::vector<std::vector<float>> values;  // by field
};
struct CsvFile {
    std::vector<std::string> fields;  // in lower case, in the order of the file
    std::map<std::string, Series> series;
    bool clock = false;  // a time of day somewhere
};

std::string changed_case(std::string text, int (*change)(int)) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [&](unsigned char c) { return static_cast<char>(change(c)); });
    return text;
}

std::vector<std::string> csv_files(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> found;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (changed_case(entry->path().extension().string(), std::tolower) == ".csv")
            found.push_back(entry->path().string());
    std::sort(found.begin(), found.end());
    return found;
}

std::string text_of(std::int64_t us, bool clock) {
    return market::qlib_time_text({.us = us, .zoned = false, .date_only = !clock});
}

[[noreturn]] void refuse(const std::string& place, const std::string& what, const std::string& remedy) {
    throw Error(ErrorKind::refused_file, place + ": " + what, remedy);
}

std::string code_of(const std::string& text, const std::string& place) {
    try {
        return changed_case(market::to_symbol(text, market::CodeStyle::qlib), std::toupper);
    } catch (const Error& error) {
        refuse(place, error.what(),
               error.hint().empty() ? "write it as SH600000, 600000.SH or sh.600000" : error.hint());
    }
}

class FileReader {
public:
    explicit FileReader(const std::string& path) : path_(path) {}

    CsvFile read() {
        HashedFile file(path_);
        const auto source = open_source(file, Packing::none);
        const auto rows = open_csv(*source, path_);
        read_header(rows->columns());
        std::vector<Cell> cells;
        while (rows->next(cells)) {
            if (rows->own_cells() != rows->columns().size())
                refuse(place(rows->line()),
                       std::to_string(rows->own_cells()) + " cells, the header has " +
                           std::to_string(rows->columns().size()),
                       "is the file cut short?");
            take(cells, rows->line());
        }
        if (result_.series.empty()) refuse(path_, "there are no rows below the header", "is this the right file?");
        return std::move(result_);
    }

private:
    std::string place(std::int64_t line) const { return path_ + ": line " + std::to_string(line); }

    void read_header(const std::vector<std::string>& columns) {
        std::set<std::string> seen;
        std::string list;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const std::string name = changed_case(std::string(market::trimmed(columns[c])), std::tolower);
            list += (list.empty() ? "" : ", ") + name;
            if (!seen.insert(name).second) refuse(place(1), "two columns are called " + name, "take one of them out");
            if (name == "date") {
                date_ = c;
            } else if (name == "symbol") {
                symbol_ = c;
            } else {
                if (name.empty() || name.find_first_of("/\\. ") != std::string::npos)
                    refuse(place(1), "a column is called \"" + name + "\", which cannot be a field", "rename it");
                result_.fields.push_back(name);
                field_columns_.push_back(c);
            }
        }
        for (const char* needed : {"date", "open", "high", "low", "close"})
            if (!seen.contains(needed))
                refuse(place(1), std::string("there is no column ") + needed + " among " + list,
                       "Qlib's CSV has date, open, high, low, close, volume, factor; other layouts go in file by file: "
                       "bourse import FILE --map …");
    }

    void take(const std::vector<Cell>& cells, std::int64_t line) {
        const std::string text(cells[date_].text);
        const auto time = market::parse_time(text);
        if (!time || time->zoned)
            refuse(place(line), "date '" + text + "' is no day or local time", "write it as 2024-01-31");
        result_.clock = result_.clock || !time->date_only;
        if (symbol_ && market::trimmed(cells[*symbol_].text).empty())
            refuse(place(line), "symbol is empty", "every row needs one");
        const std::string own =
            symbol_ ? std::string(market::trimmed(cells[*symbol_].text)) : fs::path(path_).stem().string();
        auto known = code_of_.find(own);
        if (known == code_of_.end()) known = code_of_.emplace(own, code_of(own, symbol_ ? place(line) : path_)).first;
        Series& series = result_.series[known->second];
        if (series.times.empty()) {
            series.place = place(line);
            series.values.resize(result_.fields.size());
        } else if (time->us <= series.times.back()) {
            const auto before = std::find(series.times.begin(), series.times.end(), time->us);
            if (before != series.times.end())
                refuse(place(line),
                       text + " is there already, in line " +
                           std::to_string(series.lines[static_cast<std::size_t>(before - series.times.begin())]),
                       "keep one of the two rows");
            refuse(place(line),
                   text + " does not come after the row before, in line " + std::to_string(series.lines.back()),
                   "sort the rows by date");
        }
        series.times.push_back(time->us);
        series.lines.push_back(line);
        for (std::size_t field = 0; field < field_columns_.size(); ++field)
            series.values[field].push_back(number(cells[field_columns_[field]], result_.fields[field], line));
    }

    float number(const Cell& cell, const std::string& field, std::int64_t line) const {
        if (cell.kind == Cell::Kind::missing) return none;
        const auto parsed = market::parse_number(cell.text);
        if (parsed.kind == market::TextKind::missing || std::isnan(parsed.value)) return none;
        const auto value = static_cast<float>(parsed.value);
        if (parsed.kind == market::TextKind::unreadable || std::isinf(value))
            refuse(place(line), field + " '" + std::string(cell.text) + "' is no number that a bin holds",
                   "correct it, or leave the column out: bins hold numbers only");
        return value;
    }

    const std::string& path_;
    CsvFile result_;
    std::size_t date_ = 0;
    std::optional<std::size_t> symbol_;
    std::vector<std::size_t> field_columns_;
    std::map<std::string, std::string> code_of_;
};

// What all files say together, before anything is made of it.
struct Overview {
    std::set<std::int64_t> times;
    std::map<std::string, std::string> place_of, file_of;  // code -> where it begins; its file
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> spans;
    bool clock = false;
};

Overview look_through(const std::vector<std::string>& files) {
    Overview all;
    for (const auto& path : files) {
        InterruptGuard::check();
        const CsvFile file = FileReader(path).read();
        all.clock = all.clock || file.clock;
        for (const auto& [code, series] : file.series) {
            const auto [known, fresh] = all.place_of.try_emplace(code, series.place);
            if (!fresh)
                refuse(series.place, code + " is in " + known->second + ", too",
                       "an instrument has one file, or one run of rows in a file with a column symbol");
            all.file_of[code] = path;
            all.spans[code] = {series.times.front(), series.times.back()};
            all.times.insert(series.times.begin(), series.times.end());
        }
    }
    return all;
}

void check_gaps(const std::string& folder, const Overview& all, int max_gap_days) {
    if (max_gap_days == 0) return;
    for (auto at = std::next(all.times.begin()); at != all.times.end(); ++at)
        if (const auto days = (*at - *std::prev(at)) / day_us; days > max_gap_days)
            refuse(folder, "no file has a row for " + std::to_string(days) + " days before " + text_of(*at, all.clock),
                   "put in what is missing, or give a larger --max-gap-days if the exchange was closed");
}

std::string freq_name(const std::string& folder, const Overview& all, const std::string& wanted) {
    if (!wanted.empty()) return std::string(market::qlib_name(*market::parse_frequency(wanted)));
    if (all.clock) refuse(folder, "the files have times of day", "say how long a bar is: --freq 1m, 5m, … 4h");
    return "day";
}

std::string lines_path(const std::string& own, const std::string& code) { return own + "/lines/" + code; }

void write_lines(const std::string& path, const std::vector<std::int64_t>& lines) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(lines.data()),
               static_cast<std::streamsize>(lines.size() * sizeof(lines[0])));
    file.close();
    if (!file)
        throw Error(ErrorKind::unreadable_file, path + " cannot be written: " + std::strerror(errno),
                    "set TMPDIR to a folder with room");
}

void write_set(const std::string& own, const std::string& to, const std::vector<std::string>& files,
               const Overview& all, const std::string& freq) {
    QlibWriter writer(to);
    fs::create_directory(own + "/lines");
    const std::vector<std::int64_t> calendar(all.times.begin(), all.times.end());
    const auto position = [&](std::int64_t time) {
        return static_cast<std::size_t>(std::lower_bound(calendar.begin(), calendar.end(), time) - calendar.begin());
    };
    std::string text;
    for (const auto time : calendar) text += text_of(time, all.clock) + "\n";
    writer.write("calendars/" + freq + ".txt", text);
    text.clear();
    for (const auto& [code, span] : all.spans)
        text += code + "\t" + text_of(span.first, all.clock) + "\t" + text_of(span.second, all.clock) + "\n";
    writer.write("instruments/all.txt", text);
    for (const auto& path : files) {
        InterruptGuard::check();
        const CsvFile file = FileReader(path).read();
        for (const auto& [code, series] : file.series) {
            const std::size_t start = position(series.times.front());
            std::vector<std::int64_t> lines(position(series.times.back()) - start + 1, 0);
            for (std::size_t row = 0; row < series.times.size(); ++row)
                lines[position(series.times[row]) - start] = series.lines[row];
            write_lines(lines_path(own, code), lines);
            for (std::size_t field = 0; field < file.fields.size(); ++field) {
                market::QlibBin bin{start, std::vector<float>(position(series.times.back()) - start + 1, none)};
                for (std::size_t row = 0; row < series.times.size(); ++row)
                    bin.values[position(series.times[row]) - start] = series.values[field][row];
                writer.write("features/" + market::qlib_folder(code) + "/" + file.fields[field] + "." + freq + ".bin",
                             market::qlib_bin_bytes(bin));
            }
        }
    }
    writer.give_name();
}

}  // namespace

bool is_qlib_csv_folder(const std::string& folder) {
    for (const char* own : {"calendars", "instruments", "features"})
        if (fs::exists(fs::path(folder) / own)) return false;
    return !csv_files(folder).empty();
}

QlibCsvFolder::QlibCsvFolder(const std::string& folder, const ImportOptions& options) {
    const auto files = csv_files(folder);
    const Overview all = look_through(files);
    const std::string freq = freq_name(folder, all, options.freq);
    check_gaps(folder, all, market::qlib_days_apart(*market::parse_frequency(freq), options.max_gap_days));
    std::string name = (fs::temp_directory_path() / "bourse-qlib-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw Error(ErrorKind::unreadable_file, "no temporary folder " + name + ": " + std::strerror(errno),
                    "set TMPDIR to a folder that can be written");
    own_ = name;
    try {
        write_set(own_, bins(), files, all, freq);
        files_ = all.file_of;
    } catch (...) {  // a constructor that throws has no destructor
        std::error_code ignored;
        fs::remove_all(own_, ignored);
        throw;
    }
}

std::vector<std::int64_t> QlibCsvFolder::lines_of(const std::string& code) const {
    const std::string path = lines_path(own_, code);
    std::ifstream file(path, std::ios::binary);
    std::vector<std::int64_t> lines(file ? fs::file_size(path) / sizeof(std::int64_t) : 0);
    file.read(reinterpret_cast<char*>(lines.data()), static_cast<std::streamsize>(lines.size() * sizeof(lines[0])));
    if (!file) throw Error(ErrorKind::unreadable_file, path + " cannot be read: " + std::strerror(errno));
    return lines;
}

QlibCsvFolder::~QlibCsvFolder() {
    std::error_code ignored;
    fs::remove_all(own_, ignored);
}

}  // namespace bourse::cli
