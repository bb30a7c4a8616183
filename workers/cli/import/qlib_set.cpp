#include "workers/cli/import/qlib_set.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "market/code_style.hpp"
#include "workers/common/sha256.hpp"

namespace bourse::cli {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// The same error, with the file before its message.
[[noreturn]] void in_file(const std::string& path, const Error& error) {
    throw Error(error.kind(), path + ": " + error.what(), error.hint());
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (!file.good() && !file.eof())
        throw Error(ErrorKind::unreadable_file, path + " cannot be read: " + std::strerror(errno));
    return bytes;
}

std::vector<fs::path> entries(const std::string& folder) {
    std::error_code error;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        found.push_back(entry->path());
    if (error)
        throw Error(ErrorKind::unreadable_file, folder + " cannot be read: " + error.message(),
                    "a Qlib data set has the folders calendars, instruments and features");
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

const QlibField* QlibInstrument::field(std::string_view name) const noexcept {
    for (const auto& one : fields)
        if (one.name == name) return &one;
    return nullptr;
}

QlibSet::QlibSet(const std::string& folder, const ImportOptions& options)
    : folder_(folder), max_gap_days_(options.max_gap_days) {
    while (folder_.size() > 1 && folder_.back() == '/') folder_.pop_back();
    choose_calendar(options.freq);
    read_members(options.code_style);
    find_features();
    for (const auto& path : used_) {
        struct stat facts {};
        if (stat(path.c_str(), &facts) != 0)
            throw Error(ErrorKind::unreadable_file, path + " cannot be read: " + std::strerror(errno));
        size_bytes_ += facts.st_size;
        modified_us_ = std::max(modified_us_, static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000);
    }
}

std::string QlibSet::read_text(const std::string& path) {
    used_.push_back(path);
    return bytes_of(path);
}

void QlibSet::choose_calendar(const std::string& wanted) {
    std::vector<std::string> known;
    const bool given = !wanted.empty();
    const auto freq = market::parse_frequency(given ? wanted : "day").value_or(market::Frequency::d1);
    for (const auto& path : entries(folder_ + "/calendars")) {
        const std::string name = path.stem().string();
        if (path.extension() != ".txt" || name.ends_with("_future")) continue;
        const auto own = market::parse_frequency(name);
        if (!own) continue;
        known.push_back(name);
        if (given && *own != freq) continue;
        freq_ = *own;
        calendar_path_ = path.string();
    }
    std::string list;
    for (const auto& name : known) list += (list.empty() ? "" : ", ") + name;
    if (calendar_path_.empty())
        throw Error(
            ErrorKind::refused_file,
            folder_ + "/calendars has no calendar" + (given ? " of " + std::string(market::qlib_name(freq)) : ""),
            list.empty() ? "calendars/day.txt, 1min.txt … are expected" : "it has " + list + ": choose with --freq");
    if (!given && known.size() > 1)
        throw Error(ErrorKind::refused_file, folder_ + "/calendars has several calendars: " + list,
                    "choose one with --freq; each is a load of its own");
    const auto read = [&](const std::string& path) {
        try {
            return market::read_qlib_calendar(read_text(path), market::qlib_days_apart(freq_, max_gap_days_));
        } catch (const Error& error) {
            in_file(path, error);
        }
    };
    calendar_ = read(calendar_path_);
    const std::string future = calendar_path_.substr(0, calendar_path_.size() - 4) + "_future.txt";
    if (!fs::exists(future)) return;
    for (const auto& time : read(future))
        if (!std::binary_search(calendar_.begin(), calendar_.end(), time,
                                [](const auto& a, const auto& b) { return a.us < b.us; }))
            future_.push_back(time);
}

std::size_t QlibSet::position(const market::ParsedTime& time) const noexcept {
    const auto at = std::lower_bound(calendar_.begin(), calendar_.end(), time,
                                     [](const auto& a, const auto& b) { return a.us < b.us; });
    return static_cast<std::size_t>(at - calendar_.begin());
}

void QlibSet::add_instrument(const market::QlibSpan& span, const std::string& code_style) {
    const auto [place, fresh] = by_code_.try_emplace(span.code, instruments_.size());
    if (!fresh) return;
    QlibInstrument one;
    one.code = one.symbol = span.code;
    if (!code_style.empty()) one.symbol = market::to_symbol(span.code, market::parse_code_style(code_style));
    instruments_.push_back(std::move(one));
}

void QlibSet::read_members(const std::string& code_style) {
    std::vector<std::pair<std::string, std::vector<market::QlibSpan>>> files;
    for (const auto& path : entries(folder_ + "/instruments")) {
        if (path.extension() != ".txt") continue;
        try {
            files.emplace_back(path.stem().string(), market::read_qlib_instruments(read_text(path.string())));
        } catch (const Error& error) {
            in_file(path.string(), error);
        }
    }
    const auto all = std::find_if(files.begin(), files.end(), [](const auto& file) { return file.first == "all"; });
    if (all == files.end())
        throw Error(ErrorKind::refused_file, folder_ + "/instruments/all.txt is not there",
                    "it lists every instrument: code, first and last day");
    std::stable_sort(all->second.begin(), all->second.end(),
                     [](const auto& a, const auto& b) { return a.code < b.code; });
    for (const auto& span : all->second) {
        add_instrument(span, code_style);
        instruments_[by_code_.at(span.code)].spans.push_back(span);
    }
    for (auto& [name, spans] : files) {
        if (name == "all") continue;
        for (const auto& span : spans) add_instrument(span, code_style);
        universes_.emplace(name, std::move(spans));
    }
}

void QlibSet::find_features() {
    std::map<std::string, std::size_t> by_folder;
    for (std::size_t i = 0; i < instruments_.size(); ++i) by_folder[market::qlib_folder(instruments_[i].code)] = i;
    const std::string ending = "." + std::string(market::qlib_name(freq_)) + ".bin";
    for (const auto& folder : entries(folder_ + "/features")) {
        if (!fs::is_directory(folder)) continue;
        const auto known = by_folder.find(lower(folder.filename().string()));
        if (known == by_folder.end())
            throw Error(ErrorKind::refused_file, folder.string() + " is of no instrument in instruments/all.txt",
                        "put its code, first and last day there, or move the folder away");
        QlibInstrument& instrument = instruments_[known->second];
        if (!instrument.fields.empty())
            throw Error(ErrorKind::refused_file,
                        folder.string() + " and " + fs::path(instrument.fields[0].path).parent_path().string() +
                            " are of the same instrument",
                        "keep one of them");
        for (const auto& path : entries(folder.string())) {
            const std::string name = lower(path.filename().string());
            if (!name.ends_with(ending)) continue;
            QlibField field{name.substr(0, name.size() - ending.size()), path.string(), {}};
            std::ifstream file(path, std::ios::binary);
            float first = 0;
            file.read(reinterpret_cast<char*>(&first), sizeof first);
            try {
                field.shape = market::qlib_bin_shape(fs::file_size(path), first, calendar_.size());
            } catch (const Error& error) {
                in_file(field.path, error);
            }
            used_.push_back(field.path);
            instrument.fields.push_back(std::move(field));
        }
        if (!instrument.fields.empty()) check_spans(instrument);
    }
}

// What the sizes cannot tell: whether the start index is the one that belongs to the instrument.
void QlibSet::check_spans(const QlibInstrument& instrument) const {
    const QlibField* close = instrument.field("close");
    for (const char* needed : {"open", "high", "low", "close"})
        if (!instrument.field(needed))
            throw Error(ErrorKind::refused_file,
                        fs::path(instrument.fields[0].path).parent_path().string() + " has no " + needed + "." +
                            std::string(market::qlib_name(freq_)) + ".bin",
                        "a bar needs open, high, low and close");
    if (instrument.spans.empty())
        throw Error(ErrorKind::refused_file, instrument.code + " has features and is not in instruments/all.txt",
                    "put its code, first and last day there");
    const auto& first_span = *std::min_element(instrument.spans.begin(), instrument.spans.end(),
                                               [](const auto& a, const auto& b) { return a.from.us < b.from.us; });
    const auto& last_span = *std::max_element(instrument.spans.begin(), instrument.spans.end(),
                                              [](const auto& a, const auto& b) { return a.to.us < b.to.us; });
    for (const auto& field : instrument.fields) {
        const auto& shape = field.shape;
        const bool of_bar = field.name == "open" || field.name == "high" || field.name == "low" ||
                            field.name == "volume" || field.name == "factor";
        if (of_bar && (shape.start != close->shape.start || shape.count != close->shape.count))
            throw Error(ErrorKind::refused_file,
                        field.path + ": wrong start index or truncated: " + std::to_string(shape.count) +
                            " values from position " + std::to_string(shape.start) + ", where close has " +
                            std::to_string(close->shape.count) + " from " + std::to_string(close->shape.start),
                        "the fields of a bar begin and end together: dump the instrument again");
        if (shape.count == 0) continue;
        const auto& first = calendar_[shape.start];
        const auto& last = calendar_[shape.start + shape.count - 1];
        constexpr std::int64_t day_us = 86'400'000'000;  // all.txt may name the day of a time within it
        if (first.us < first_span.from.us || (!last_span.to.date_only && last.us > last_span.to.us) ||
            (last_span.to.date_only && last.us >= last_span.to.us + day_us))
            throw Error(ErrorKind::refused_file,
                        field.path + ": wrong start index: its values are of " + market::qlib_time_text(first) +
                            " to " + market::qlib_time_text(last) + ", instruments/all.txt line " +
                            std::to_string(first_span.line) + " says " + market::qlib_time_text(first_span.from) +
                            " to " + market::qlib_time_text(last_span.to),
                        "correct the line, or dump the field again with this calendar");
    }
}

std::string QlibSet::digest() const {
    workers::Sha256Stream hash;
    const auto add = [&](std::string_view text) { hash.update(std::as_bytes(std::span(text.data(), text.size()))); };
    auto files = used_;
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
        const std::string bytes = bytes_of(path);
        add(path.substr(folder_.size()) + " " + std::to_string(bytes.size()) + "\n");
        add(bytes);
    }
    return workers::to_hex(hash.finish());
}

market::QlibBin QlibSet::read(const QlibField& field) const {
    const std::string bytes = bytes_of(field.path);
    if (bytes.size() != (field.shape.count + 1) * sizeof(float))
        throw Error(ErrorKind::unreadable_file, field.path + " changed while it was read", "import again");
    return market::read_qlib_bin(bytes);
}

}  // namespace bourse::cli
