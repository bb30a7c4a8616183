// bourse export-model: a version as a file, for its own library or another database.
#include <cstdio>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/output_file.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

void add_export_model(CLI::App& app, Common& common) {
    struct Arguments {
        std::string reference, to, format = "native";
    };
    auto* command = app.add_subcommand("export-model", "write a model version as a file");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("REF", arguments->reference, "name (production), name:7, name@staging, name@latest")
        ->required();
    command->add_option("--to", arguments->to, "file to write")->required();
    command
        ->add_option("--format", arguments->format,
                     "native (as its library wrote it), xgboost-json, xgboost-ubj, lightgbm, bourse-model")
        ->capture_default_str();
    command->callback([arguments, &common] {
        workers::Connection connection(common.db, "bourse export-model");
        pqxx::nontransaction tx(connection);
        // In pieces: as text a bytea is twice its size, and a field has at most 1 GB.
        const auto pieces = tx.exec_params(
            "WITH file AS MATERIALIZED (SELECT bourse.export_model($1, $2) AS content) SELECT substr(f.content, "
            "(n * 16777216 + 1)::int, 16777216) FROM file AS f, generate_series(0, (octet_length(f.content) - 1) / "
            "16777216) AS n ORDER BY n",
            arguments->reference, arguments->format);
        std::string content;
        for (const auto& piece : pieces) content += pqxx::binarystring(piece[0]).str();
        write_file(arguments->to, content);
        std::printf("%s: %s\n", arguments->to.c_str(), format_size(static_cast<std::int64_t>(content.size())).c_str());
    });
}

}  // namespace bourse::cli
