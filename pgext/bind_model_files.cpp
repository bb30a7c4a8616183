// Models as files: what a file is, and a version's artifact or native file to take away.
#include <algorithm>
#include <cstring>
#include <optional>

#include "models/native_file.hpp"
#include "models/xgboost_export.hpp"
#include "pgext/model_store.hpp"
#include "pgext/stored_file.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
}

namespace bourse::pg {
namespace {

std::string_view bytes_argument(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    const auto* value = pg_call([=] { return DatumGetByteaPP(datum); });
    return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

Datum bytea_of(std::span<const std::byte> bytes) {
    return pg_call([=] {
        auto* result = static_cast<bytea*>(palloc(VARHDRSZ + bytes.size()));
        SET_VARSIZE(result, VARHDRSZ + bytes.size());
        std::memcpy(VARDATA(result), bytes.data(), bytes.size());
        return PointerGetDatum(result);
    });
}

Datum model_format(FunctionCallInfo fcinfo) {
    const auto format = models::native_format(bytes_argument(fcinfo, 0));
    return pg_call(
        [=] { return PointerGetDatum(cstring_to_text_with_len(format.data(), static_cast<int>(format.size()))); });
}

struct Native {
    StoredFile file;
    std::string format;
};

// The native file that is kept beside a version's artifact, if there is one.
std::optional<Native> find_native(const ModelVersion& version) {
    struct Row {
        int64 id, size;
        unsigned char sha256[32];
        char format[64];
        bool found;
    } row{};
    const std::int64_t version_id = version.version_id;
    pg_call([&] {
        SPI_connect();
        Oid types[] = {INT8OID};
        Datum values[] = {Int64GetDatum(version_id)};
        const int result = SPI_execute_with_args(
            "SELECT n.artifact_id, n.size_bytes, n.sha256, n.format FROM bourse.model_version AS v JOIN "
            "bourse.artifact AS n ON n.artifact_id OPERATOR(pg_catalog.=) v.native_artifact_id WHERE "
            "v.model_version_id OPERATOR(pg_catalog.=) $1",
            1, types, values, nullptr, true, 1);
        if (result != SPI_OK_SELECT) elog(ERROR, "SPI_execute_with_args: %s", SPI_result_code_string(result));
        row.found = SPI_processed == 1;
        if (row.found) {
            HeapTuple tuple = SPI_tuptable->vals[0];
            TupleDesc shape = SPI_tuptable->tupdesc;
            bool null = false;
            row.id = DatumGetInt64(SPI_getbinval(tuple, shape, 1, &null));
            row.size = DatumGetInt64(SPI_getbinval(tuple, shape, 2, &null));
            const bytea* sha256 = DatumGetByteaPP(SPI_getbinval(tuple, shape, 3, &null));
            if (VARSIZE_ANY_EXHDR(sha256) != sizeof row.sha256) elog(ERROR, "artifact.sha256 has not 32 bytes");
            std::memcpy(row.sha256, VARDATA_ANY(sha256), sizeof row.sha256);
            strlcpy(row.format, SPI_getvalue(tuple, shape, 4), sizeof row.format);
        }
        SPI_finish();
    });
    if (!row.found) return std::nullopt;
    Native native{{row.id, row.size, {}}, row.format};
    std::memcpy(native.file.sha256.data(), row.sha256, sizeof row.sha256);
    return native;
}

std::string hex(const signing::Sha256& hash) {
    std::string text;
    for (const unsigned char byte : hash) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

// The native file has no signature of its own: it is the one that the signed artifact names, or none.
std::vector<std::byte> read_native(const ModelVersion& version, const models::Artifact& artifact,
                                   const Native& native) {
    const auto named = artifact.training.find("native_sha256");
    if (named == artifact.training.end() || *named != hex(native.file.sha256))
        throw_tampered(version.label(), "its native file is another than the signed artifact names");
    if (native.file.size_bytes < 0 || static_cast<std::uint64_t>(native.file.size_bytes) > models::max_artifact_bytes)
        throw Error(ErrorKind::too_large, "the native file of " + version.label() + " has " +
                                              std::to_string(native.file.size_bytes) + " bytes");
    return read_stored_file(native.file, version.label() + " (native file)");
}

[[noreturn]] void unavailable(const ModelVersion& version, const std::string& format, const std::string& there) {
    throw Error(ErrorKind::unavailable, "model " + version.label() + " cannot be written as " + format,
                "what there is: " + there);
}

std::vector<std::byte> model_file(const ModelVersion& version, std::span<const std::byte> bytes,
                                  const std::string& format) {
    if (format == models::own_format) return {bytes.begin(), bytes.end()};
    const auto artifact = models::read_artifact(bytes);
    const auto native = find_native(version);
    if (native && (format == "native" || format == native->format)) return read_native(version, artifact, *native);
    if (artifact.kind.starts_with("xgboost-") && (format == "native" || format == models::xgboost_json)) {
        const std::string text = models::xgboost_json_from(artifact);
        const auto converted = std::as_bytes(std::span(text));
        return {converted.begin(), converted.end()};
    }
    unavailable(version, format,
                std::string(native ? "native (" + native->format + "), " : "") +
                    (artifact.kind.starts_with("xgboost-") ? "xgboost-json, " : "") + "bourse-model");
}

Datum read_model_file(FunctionCallInfo fcinfo) {
    const std::string reference(bytes_argument(fcinfo, 0)), format(bytes_argument(fcinfo, 1));
    Datum result = 0;
    with_model_file(reference, [&](const ModelVersion& version, std::span<const std::byte> bytes) {
        const std::string_view known[] = {"native", models::xgboost_json, models::xgboost_ubj, models::lightgbm_text,
                                          models::own_format};
        if (std::find(std::begin(known), std::end(known), format) == std::end(known))
            throw Error(ErrorKind::invalid_argument, "format \"" + format.substr(0, 60) + "\" is not known",
                        "formats: native, xgboost-json, xgboost-ubj, lightgbm, bourse-model");
        result = bytea_of(model_file(version, bytes, format));
    });
    return result;
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_model_format, model_format);
BOURSE_PG_FUNCTION(bourse_read_model_file, read_model_file);

}  // namespace bourse::pg
