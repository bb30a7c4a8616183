// bourse calendars: which exchange sessions are loaded, and loading them.
#include <algorithm>
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>
#include <zstd.h>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/embedded_calendars.hpp"
#include "workers/cli/import/byte_source.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = 64 << 20;  // a century of sessions has 3 MB

struct Options {
    std::vector<std::string> names;
    std::string file;
    int max_gap_days = 15;
};

std::string unpacked(const EmbeddedCalendar& calendar) {
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    ZSTD_inBuffer input{calendar.zstd.data(), calendar.zstd.size(), 0};
    std::string csv, block(1 << 16, '\0');
    std::size_t left = 1;  // 0: the frame has ended
    while (left != 0) {
        ZSTD_outBuffer output{block.data(), block.size(), 0};
        left = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(left) != 0 || (output.pos == 0 && input.pos == input.size))
            throw Error(ErrorKind::internal, "the shipped calendar cannot be unpacked");
        csv.append(block, 0, output.pos);
    }
    return csv;
}

std::string shipped(const std::string& name) {
    std::vector<std::string> known;
    for (const auto& calendar : embedded_calendars()) {
        if (calendar.name == name) return unpacked(calendar);
        known.emplace_back(calendar.name);
    }
    std::string list;
    for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
    const std::string near = nearest(name, known);
    throw Error(ErrorKind::invalid_argument, "no calendar \"" + name + "\" ships with this program",
                "shipped: " + list + (near.empty() ? "" : "; did you mean " + near + "?") + "; others: --file FILE");
}

std::string read_file(const std::string& path) {
    const auto first_bytes = [](HashedFile& file) {
        std::string bytes(16, '\0');
        bytes.resize(file.read(bytes));
        return bytes;
    };
    HashedFile probe(path), file(path);
    const auto content = content_of(first_bytes(probe));
    if (content != Content::text && content != Content::gzip && content != Content::zstd)
        throw Error(ErrorKind::unreadable_file, path + " is no CSV", "plain, gzip or zstd");
    const auto source = open_source(file, content == Content::gzip   ? Packing::gzip
                                          : content == Content::zstd ? Packing::zstd
                                                                     : Packing::none);
    std::string csv, block(1 << 16, '\0');
    for (std::size_t n = 0; (n = source->read(block)) > 0;) {
        csv.append(block, 0, n);
        if (csv.size() > most_bytes)
            throw Error(ErrorKind::unreadable_file, path + " is larger than 64 MiB", "sessions of one calendar");
    }
    return csv;
}

json load(pqxx::work& tx, const std::string& name, const std::string& csv, int max_gap_days) {
    const auto row =
        tx.exec_params("SELECT row_to_json(l) FROM bourse.load_calendar($1, $2, $3) AS l", name, csv, max_gap_days)[0];
    json loaded = json::parse(row[0].c_str());
    loaded["calendar"] = name;
    return loaded;
}

void print_loaded(const json& rows, bool as_json) {
    if (as_json) {
        std::printf("%s\n", rows.dump(2).c_str());
        return;
    }
    for (const auto& r : rows)
        std::printf("%s: %s sessions from %s to %s; %s added, %s changed, %s removed\n",
                    r["calendar"].get<std::string>().c_str(), format_count(r["sessions"].get<std::int64_t>()).c_str(),
                    r["first_session"].get<std::string>().c_str(), r["last_session"].get<std::string>().c_str(),
                    format_count(r["added"].get<std::int64_t>()).c_str(),
                    format_count(r["changed"].get<std::int64_t>()).c_str(),
                    format_count(r["removed"].get<std::int64_t>()).c_str());
}

// All or nothing: one transaction for all that is named.
void run_load(const Common& common, const Options& options) {
    std::vector<std::string> names = options.names;
    if (!options.file.empty() && names.size() != 1)
        throw Error(ErrorKind::invalid_argument, "--file needs the name of its calendar",
                    "bourse calendars load XLON --file " + options.file);
    if (names.empty())
        for (const auto& calendar : embedded_calendars()) names.emplace_back(calendar.name);
    std::vector<std::string> texts;
    for (const auto& name : names) texts.push_back(options.file.empty() ? shipped(name) : read_file(options.file));
    workers::Connection connection(common.db, "bourse calendars");
    pqxx::work tx(connection);
    auto rows = json::array();
    for (std::size_t i = 0; i < names.size(); ++i) rows.push_back(load(tx, names[i], texts[i], options.max_gap_days));
    tx.commit();
    print_loaded(rows, common.json);
}

void run_list(const Common& common) {
    workers::Connection connection(common.db, "bourse calendars");
    pqxx::nontransaction tx(connection);
    json rows = json::parse(
        tx.exec1("SELECT coalesce(json_agg(c ORDER BY c.calendar), '[]') FROM bourse_bi.calendar AS c")[0].c_str());
    if (common.json) {
        std::printf("%s\n", rows.dump(2).c_str());
        return;
    }
    TextTable table({"calendar", ">sessions", "from", "to", ""});
    for (const auto& calendar : embedded_calendars()) {
        const auto same = [&](const json& r) { return r["calendar"] == calendar.name; };
        if (std::none_of(rows.begin(), rows.end(), same))
            table.add({std::string(calendar.name), "none", "", "",
                       "load it with: bourse calendars load " + std::string(calendar.name)});
    }
    for (const auto& r : rows)
        table.add({r["calendar"].get<std::string>(), format_count(r["sessions"].get<std::int64_t>()),
                   r["first_session"].get<std::string>(), r["last_session"].get<std::string>(),
                   r["ends_soon"].get<bool>() ? "load later sessions: --file FILE" : ""});
    table.print(stdout, "");
}

}  // namespace

void add_calendars(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand("calendars", "list exchange calendars, and load sessions");
    auto options = std::make_shared<Options>();
    auto* load_command = command->add_subcommand("load", "load the sessions that ship, or those of a file");
    load_command->add_option("names", options->names, "calendars (default: all that ship: XHKG, XNYS, XSHG)");
    load_command->add_option("--file", options->file,
                             "CSV (plain, .gz, .zst): session,open_at,close_at,break_start_at,break_end_at");
    load_command
        ->add_option("--max-gap-days", options->max_gap_days, "refuse sessions further apart, from 1 to 10000 days")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    command->require_subcommand(0, 1);
    load_command->callback([options, &common] { run_load(common, *options); });
    command->callback([load_command, &common] {
        if (!load_command->parsed()) run_list(common);
    });
}

}  // namespace bourse::cli
