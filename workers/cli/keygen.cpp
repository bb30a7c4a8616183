// bourse keygen: makes a signing key for workers, and says how a database comes to trust it.
#include <cctype>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "workers/cli/command.hpp"
#include "workers/common/sha256.hpp"
#include "workers/common/signing_key.hpp"

namespace bourse::cli {
namespace {

struct Arguments {
    std::string to, show, name;
};

// The file's name without folders and its ending, other characters as _.
std::string name_of_file(const std::string& path) {
    auto name = path.substr(path.rfind('/') + 1);
    if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.' && c != '@' && c != '-') c = '_';
    return name.substr(0, 64);
}

void print(const workers::SigningKey& key, const std::string& path, bool as_json) {
    const auto hex = workers::to_hex(key.public_key());
    const auto sql = "SELECT bourse.trust_key('" + key.name() + "', '\\x" + hex + "');";
    if (as_json) {
        std::printf(
            "%s\n",
            nlohmann::json{{"name", key.name()}, {"file", path}, {"public_key", hex}, {"sql", sql}}.dump(2).c_str());
        return;
    }
    std::printf("key         %s\nfile        %s\npublic key  %s\n", key.name().c_str(), path.c_str(), hex.c_str());
    std::printf("A database trusts it after (as bourse_admin):\n%s\n", sql.c_str());
}

void run(const Arguments& arguments, const Common& common) {
    if (arguments.to.empty() == arguments.show.empty())
        throw CLI::ValidationError("keygen", "give either --to FILE or --show FILE");
    if (!arguments.show.empty()) {
        if (!arguments.name.empty()) throw CLI::ValidationError("keygen", "--name belongs to --to");
        print(workers::SigningKey::read(arguments.show), arguments.show, common.json);
        return;
    }
    const auto key = workers::SigningKey::make(arguments.name.empty() ? name_of_file(arguments.to) : arguments.name);
    key.write(arguments.to);
    print(key, arguments.to, common.json);
}

}  // namespace

void add_keygen(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand(
        "keygen", "make a signing key for workers, print its public half and the SQL that trusts it");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("--to", arguments->to, "file to write, readable by its owner alone; never overwritten");
    command->add_option("--show", arguments->show, "print the public half of the key in this file instead");
    command->add_option("--name", arguments->name, "name of the key (default: the file's)");
    command->callback([arguments, &common] { run(*arguments, common); });
}

}  // namespace bourse::cli
