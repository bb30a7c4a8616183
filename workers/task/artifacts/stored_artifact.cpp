#include "workers/task/artifacts/stored_artifact.hpp"

#include <cstring>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "workers/common/sha256.hpp"

namespace bourse::workers {
namespace {

template <std::size_t Size>
std::array<unsigned char, Size> bytes_of(const pqxx::field& field) {
    const pqxx::binarystring value(field);
    if (value.size() != Size) throw Error(ErrorKind::corrupt_artifact, std::string(field.name()) + " has a wrong size");
    std::array<unsigned char, Size> bytes;
    std::memcpy(bytes.data(), value.data(), Size);
    return bytes;
}

void check_signature(const StoredVersion& version) {
    if (!version.revoked.empty()) throw Error(ErrorKind::revoked, "it was revoked (" + version.revoked + ")");
    if (!version.signature) throw Error(ErrorKind::unsigned_artifact, "it is not signed");
    if (!version.public_key)
        throw Error(ErrorKind::unsigned_artifact, "it is signed by a key that this database does not know");
    if (!signing::is_valid(version.model, version.artifact.recorded, *version.signature, *version.public_key))
        throw Error(ErrorKind::corrupt_artifact, "its signature does not fit");
}

void check_native(pqxx::transaction_base& tx, const StoredVersion& version, std::span<const std::byte> bytes,
                  const CheckInterrupts& interrupts) {
    if (!version.native) return;
    try {
        read_file(tx, *version.native, interrupts);
    } catch (const Error& e) {
        throw Error(e.kind(), std::string("its native file: ") + e.what());
    }
    const auto& training = models::read_artifact(bytes).training;
    const auto stated = training.find("native_sha256");
    if (stated == training.end() || *stated != to_hex(version.native->recorded.sha256))
        throw Error(ErrorKind::corrupt_artifact, "its native file is another than the artifact names");
}

}  // namespace

StoredFile stored_file(const pqxx::field& id, const pqxx::field& size, const pqxx::field& sha256) {
    return {id.as<std::int64_t>(), {bytes_of<32>(sha256), static_cast<std::uint64_t>(size.as<std::int64_t>())}};
}

std::vector<StoredVersion> stored_versions(pqxx::transaction_base& tx, const std::optional<std::string>& model) {
    const auto rows = tx.exec_params("SELECT * FROM bourse.artifacts_to_check($1)",
                                     model ? model->c_str() : static_cast<const char*>(nullptr));
    std::vector<StoredVersion> versions;
    for (const auto& row : rows) {
        StoredVersion v;
        v.model_version_id = row["model_version_id"].as<std::int64_t>();
        v.model = row["name"].as<std::string>();
        v.version = row["version"].as<int>();
        v.artifact = stored_file(row["artifact_id"], row["size_bytes"], row["sha256"]);
        if (!row["signature"].is_null()) v.signature = bytes_of<64>(row["signature"]);
        if (!row["public_key"].is_null()) v.public_key = bytes_of<32>(row["public_key"]);
        v.revoked = row["revoked"].as<std::string>("");
        if (!row["native_artifact_id"].is_null())
            v.native = stored_file(row["native_artifact_id"], row["native_size_bytes"], row["native_sha256"]);
        versions.push_back(std::move(v));
    }
    return versions;
}

std::vector<std::byte> read_file(pqxx::transaction_base& tx, const StoredFile& file,
                                 const CheckInterrupts& interrupts) {
    const auto size = file.recorded.size_bytes;
    if (size > models::max_artifact_bytes)
        throw Error(ErrorKind::too_large,
                    "it has " + std::to_string(size) + " bytes, allowed " + std::to_string(models::max_artifact_bytes));
    std::vector<std::byte> bytes;
    bytes.reserve(size);
    for (int chunk = 0;; ++chunk) {
        check(interrupts);
        const auto field = tx.exec_params1("SELECT bourse.read_artifact($1, $2)", file.artifact_id, chunk)[0];
        if (field.is_null()) break;
        const pqxx::binarystring content(field);
        if (content.size() > size - bytes.size()) throw Error(ErrorKind::corrupt_artifact, "its chunks do not add up");
        const auto* begin = reinterpret_cast<const std::byte*>(content.data());
        bytes.insert(bytes.end(), begin, begin + content.size());
    }
    if (bytes.size() != size)
        throw Error(ErrorKind::corrupt_artifact,
                    std::to_string(bytes.size()) + " of " + std::to_string(size) + " bytes are there");
    if (signing::identify(bytes).sha256 != file.recorded.sha256)
        throw Error(ErrorKind::corrupt_artifact, "its bytes do not have the recorded sha256");
    return bytes;
}

std::optional<Problem> examine(pqxx::transaction_base& tx, const StoredVersion& version,
                               const CheckInterrupts& interrupts, std::vector<std::byte>& bytes) {
    try {
        check_signature(version);
        bytes = read_file(tx, version.artifact, interrupts);
        models::load_model(bytes, interrupts);
        check_native(tx, version, bytes, interrupts);
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::cancelled) throw;
        return Problem{sqlstate(e.kind()), e.what()};
    }
    return std::nullopt;
}

std::optional<std::string> model_argument(const nlohmann::json& args) {
    for (const auto& [key, value] : args.items()) {
        if (key != "model")
            throw Error(ErrorKind::unknown_option, "unknown key \"" + key + "\" in args", "known keys: model");
        if (!value.is_string() && !value.is_null())
            throw Error(ErrorKind::invalid_argument, "args.model is " + value.dump() + ", expected a text");
    }
    const auto found = args.find("model");
    if (found == args.end() || found->is_null()) return std::nullopt;
    return found->get<std::string>();
}

}  // namespace bourse::workers
