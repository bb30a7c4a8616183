#include "workers/cli/import/input_table.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "core/error.hpp"
#include "workers/cli/import/csv_reader.hpp"
#include "workers/cli/import/parquet_reader.hpp"

namespace bourse::cli {
namespace {

bool ends_with(const std::string& path, std::string_view ending) {
    if (path.size() < ending.size()) return false;
    return std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

Content first_content(const std::string& path) {
    std::array<char, 4096> head{};
    std::ifstream in(path, std::ios::binary);
    in.read(head.data(), head.size());
    return content_of(std::span(head.data(), static_cast<std::size_t>(in.gcount())));
}

const char* word_for(Content content) {
    switch (content) {
        case Content::text:
            return "plain text";
        case Content::gzip:
            return "gzip data";
        case Content::zstd:
            return "zstd data";
        case Content::parquet:
            return "a Parquet file";
        case Content::binary:
            return "binary data";
    }
    return "";
}

[[noreturn]] void not_what_it_says(const std::string& path, Content content, const char* expected,
                                   const std::string& hint) {
    throw Error(ErrorKind::unreadable_file, path + " is " + word_for(content) + ", not " + expected, hint);
}

}  // namespace

InputTable::InputTable(HashedFile& file, const ImportOptions& options) : file_(file) {
    const std::string& path = file.path();
    const Content content = first_content(path);
    parquet_ =
        options.format.empty() ? ends_with(path, ".parquet") || ends_with(path, ".pq") : options.format == "parquet";
    if (parquet_) {
        if (content != Content::parquet)
            not_what_it_says(path, content, "a Parquet file",
                             "Parquet files start with PAR1; give --format csv or the right name");
        reader_ = open_parquet(path);
    } else {
        Packing packing = Packing::none;
        if (ends_with(path, ".gz")) {
            packing = Packing::gzip;
            if (content != Content::gzip) not_what_it_says(path, content, "gzip data", "rename it to what it is");
        } else if (ends_with(path, ".zst")) {
            packing = Packing::zstd;
            if (content != Content::zstd) not_what_it_says(path, content, "zstd data", "rename it to what it is");
        } else if (content != Content::text) {
            not_what_it_says(path, content, "CSV",
                             content == Content::parquet ? "give --format parquet or rename it to .parquet"
                             : content == Content::gzip  ? "rename it to .csv.gz"
                             : content == Content::zstd  ? "rename it to .csv.zst"
                                                         : "CSV, CSV packed by gzip or zstd, and Parquet can be read");
        }
        source_ = open_source(file, packing);
        reader_ = open_csv(*source_, path);
    }
    map_ = market::map_columns(reader_->columns(), options.map);
    std::vector<int> needed;
    for (const auto& group : map_.groups)
        for (const int column : group.column)
            if (column != market::no_column) needed.push_back(column);
    std::sort(needed.begin(), needed.end());
    needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
    reader_->use_only(needed);
}

double InputTable::progress_ratio() const {
    const double own = reader_->progress_ratio();
    if (own >= 0) return own;
    return file_.size_bytes() > 0 ? static_cast<double>(file_.position()) / static_cast<double>(file_.size_bytes()) : 1;
}

}  // namespace bourse::cli
