// A Qlib data set in a folder, looked through as a whole before anything of it is used.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "market/qlib_layout.hpp"
#include "workers/cli/import/import_options.hpp"

namespace bourse::cli {

struct QlibField {
    std::string name, path;  // name in lower case
    market::QlibBinShape shape;
};

struct QlibInstrument {
    std::string code, symbol;             // as in instruments/all.txt, in capitals; as it is called in the database
    std::vector<market::QlibSpan> spans;  // of all.txt
    std::vector<QlibField> fields;        // in order of their names; empty: the set has no features of it

    const QlibField* field(std::string_view name) const noexcept;  // null: it has no such bin
};

class QlibSet {
public:
    // Errors: unreadable_file for what is not there, refused_file for what cannot be right; both name the file, the
    // line or value, and the remedy. Reads calendars and memberships, of every bin its size and first value.
    QlibSet(const std::string& folder, const ImportOptions& options);

    market::Frequency freq() const noexcept { return freq_; }
    const std::vector<market::ParsedTime>& calendar() const noexcept { return calendar_; }
    const std::vector<market::ParsedTime>& future() const noexcept { return future_; }  // those the calendar lacks
    // In order of their codes. Whose codes are in membership files only come last, without fields.
    const std::vector<QlibInstrument>& instruments() const noexcept { return instruments_; }
    // Universe (the name of the file) -> its spans; all.txt is not among them.
    const std::map<std::string, std::vector<market::QlibSpan>>& universes() const noexcept { return universes_; }
    std::int64_t size_bytes() const noexcept { return size_bytes_; }
    std::int64_t modified_unix_us() const noexcept { return modified_us_; }
    std::string digest() const;  // sha256 over the names and bytes of all files that are used, in hex

    market::QlibBin read(const QlibField& field) const;
    // The position of a time, or of the first one after it.
    std::size_t position(const market::ParsedTime& time) const noexcept;
    const std::string& symbol_of(const std::string& code) const { return instruments_[by_code_.at(code)].symbol; }

private:
    void choose_calendar(const std::string& wanted);
    void read_members(const std::string& code_style);
    void add_instrument(const market::QlibSpan& span, const std::string& code_style);
    void find_features();
    void check_spans(const QlibInstrument& instrument) const;
    std::string read_text(const std::string& path);

    std::string folder_, calendar_path_;
    int max_gap_days_;
    market::Frequency freq_ = market::Frequency::d1;
    std::vector<market::ParsedTime> calendar_, future_;
    std::vector<QlibInstrument> instruments_;
    std::map<std::string, std::size_t> by_code_;
    std::map<std::string, std::vector<market::QlibSpan>> universes_;
    std::vector<std::string> used_;
    std::int64_t size_bytes_ = 0, modified_us_ = 0;
};

}  // namespace bourse::cli
