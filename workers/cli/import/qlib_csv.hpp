// A folder of CSV files as qlib's dump_bin.py takes them, made into a data set of bins: <CODE>.csv each, or files with
// a column symbol; date, open, high, low, close, then what else there is, every column a number. Source:
// microsoft/qlib, scripts/dump_bin.py (dump_all), commit d5379c5.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workers/cli/import/import_options.hpp"

namespace bourse::cli {

// It has CSV files and none of a data set's own folders.
bool is_qlib_csv_folder(const std::string& folder);

// The bins in a folder of their own under the system's temporary one, removed with this object. As dump_bin makes them:
// the calendar is every day of any file, an instrument goes from its first to its last day, empty cells and days
// without a row are missing. Two passes, one file in memory; the lines of the rows lie beside the bins. Other than
// dump_bin, which keeps the first of two rows of a day and sorts, it refuses what cannot be right.
class QlibCsvFolder {
public:
    // Errors: refused_file with file, line and remedy: no column date or close, a name twice, a cell that is no number,
    // no time, rows that do not rise, a day or an instrument twice, a code of no known market, a row of another length,
    // a gap in all files; unreadable_file for what cannot be read.
    QlibCsvFolder(const std::string& folder, const ImportOptions& options);
    ~QlibCsvFolder();
    QlibCsvFolder(const QlibCsvFolder&) = delete;
    QlibCsvFolder& operator=(const QlibCsvFolder&) = delete;

    std::string bins() const { return own_ + "/set"; }
    // Where the rows of an instrument came from, by its code as Qlib writes it: the file, and its line for each
    // position from the instrument's first on (0: no row).
    const std::string& file_of(const std::string& code) const { return files_.at(code); }
    std::vector<std::int64_t> lines_of(const std::string& code) const;

private:
    std::string own_;
    std::map<std::string, std::string> files_;
};

}  // namespace bourse::cli
