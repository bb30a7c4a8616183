#include "pgext/model_store.hpp"

#include <algorithm>
#include <list>

#include "pgext/contexts.hpp"
#include "pgext/settings.hpp"
#include "pgext/stored_file.hpp"

extern "C" {
#include "miscadmin.h"
#include "utils/varlena.h"
}

namespace bourse::pg {
namespace {

// Operators are qualified: this runs under the caller's search_path.
constexpr const char* resolve_query =
    "SELECT v.model_version_id, m.name, v.version, coalesce(v.feature_set_id, 0), a.artifact_id, a.size_bytes, "
    "a.sha256, a.signature, k.public_key, "
    "coalesce('version: ' OPERATOR(pg_catalog.||) r.reason, "
    "'key \"' OPERATOR(pg_catalog.||) k.name OPERATOR(pg_catalog.||) '\": ' OPERATOR(pg_catalog.||) k.revoked_reason) "
    "FROM bourse.model_version AS v "
    "JOIN bourse.model AS m ON m.model_id OPERATOR(pg_catalog.=) v.model_id "
    "JOIN bourse.artifact AS a ON a.artifact_id OPERATOR(pg_catalog.=) v.artifact_id "
    "LEFT JOIN bourse.signing_key AS k ON k.key_id OPERATOR(pg_catalog.=) a.key_id "
    "LEFT JOIN bourse.revoked_version AS r ON r.model_version_id OPERATOR(pg_catalog.=) v.model_version_id "
    "WHERE v.model_version_id OPERATOR(pg_catalog.=) (SELECT bourse.resolve_model($1))";  // once, not when planned, too

// One row of resolve_query, plain data: it crosses pg_call.
struct Row {
    int64 version_id, artifact_id, size_bytes;
    int32 version, feature_set_id;
    char name[4096];
    char revoked[512];
    unsigned char sha256[32], signature[64], public_key[32];
    bool has_signature, has_key;
};

SPIPlanPtr resolve_plan() {
    static SPIPlanPtr plan = nullptr;  // kept for the session; the plan cache follows changes of the tables
    if (plan) return plan;
    Oid types[] = {TEXTOID};
    SPIPlanPtr prepared = SPI_prepare(resolve_query, 1, types);
    if (!prepared) elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
    SPI_keepplan(prepared);
    plan = prepared;
    return plan;
}

// False for NULL.
bool copy_bytes(Datum datum, bool null, const char* column, unsigned char* to, std::size_t size) {
    if (null) return false;
    const bytea* bytes = DatumGetByteaPP(datum);
    if (VARSIZE_ANY_EXHDR(bytes) != size) elog(ERROR, "%s has not %zu bytes", column, size);
    std::memcpy(to, VARDATA_ANY(bytes), size);
    return true;
}

void read_row(HeapTuple tuple, TupleDesc shape, Row* row) {
    bool null = false;
    const auto datum = [&](int column) { return SPI_getbinval(tuple, shape, column, &null); };
    const auto bytes = [&](int column, const char* name, unsigned char* to, std::size_t size) {
        const Datum value = datum(column);
        return copy_bytes(value, null, name, to, size);
    };
    row->version_id = DatumGetInt64(datum(1));
    if (strlcpy(row->name, TextDatumGetCString(datum(2)), sizeof row->name) >= sizeof row->name)
        elog(ERROR, "a model's name has more than 4095 bytes");
    row->version = DatumGetInt32(datum(3));
    row->feature_set_id = DatumGetInt32(datum(4));
    row->artifact_id = DatumGetInt64(datum(5));
    row->size_bytes = DatumGetInt64(datum(6));
    bytes(7, "artifact.sha256", row->sha256, sizeof row->sha256);
    row->has_signature = bytes(8, "artifact.signature", row->signature, sizeof row->signature);
    row->has_key = bytes(9, "signing_key.public_key", row->public_key, sizeof row->public_key);
    const Datum reason = datum(10);
    if (null)
        row->revoked[0] = '\0';
    else
        strlcpy(row->revoked, TextDatumGetCString(reason), sizeof row->revoked);
}

ModelVersion resolve(const std::string& reference) {
    Row row;
    const char* text = reference.data();
    const int size = static_cast<int>(reference.size());
    const bool found = pg_call([&] {
        if (!ActiveSnapshotSet()) elog(ERROR, "predict needs a snapshot");
        SPI_connect();
        Datum values[] = {PointerGetDatum(cstring_to_text_with_len(text, size))};
        const int result = SPI_execute_plan(resolve_plan(), values, nullptr, true, 2);
        if (result != SPI_OK_SELECT) elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(result));
        const bool one = SPI_processed == 1;
        if (one) read_row(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, &row);
        SPI_finish();
        return one;
    });
    if (!found) throw Error(ErrorKind::unknown_model, "model \"" + reference.substr(0, 200) + "\" has no artifact");
    ModelVersion version;
    version.version_id = row.version_id;
    version.name = row.name;
    version.version = row.version;
    version.feature_set_id = row.feature_set_id;
    version.artifact_id = row.artifact_id;
    version.size_bytes = row.size_bytes;
    std::memcpy(version.sha256.data(), row.sha256, sizeof row.sha256);
    if (row.has_signature) std::memcpy(version.signature.emplace().data(), row.signature, sizeof row.signature);
    if (row.has_key) std::memcpy(version.signed_by.emplace().data(), row.public_key, sizeof row.public_key);
    version.revoked = row.revoked;
    return version;
}

// What references meant to a user under a snapshot that sees what later ones see, too: a session that asks statement by
// statement looks again only when some transaction has ended meanwhile.
class Routes {
public:
    ModelVersion get(const std::string& reference, const SnapshotKey& now) {
        if (!now.outlives_transaction()) return resolve(reference);
        const Oid user = GetUserId();
        const auto known = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
            return route.user == user && route.reference == reference;
        });
        if (known != routes_.end() && known->snapshot == now) return known->version;
        Route route{reference, user, now, resolve(reference)};
        if (known != routes_.end()) {
            *known = std::move(route);
            return known->version;
        }
        if (routes_.size() == most) routes_.erase(routes_.begin());
        routes_.push_back(std::move(route));
        return routes_.back().version;
    }

private:
    static constexpr std::size_t most = 32;
    struct Route {
        std::string reference;
        Oid user;
        SnapshotKey snapshot;
        ModelVersion version;
    };
    std::vector<Route> routes_;  // the oldest first
};

Routes& routes() {
    static Routes session;
    return session;
}

void check_size(const ModelVersion& version) {
    if (version.size_bytes < 0 || static_cast<std::uint64_t>(version.size_bytes) > models::max_artifact_bytes)
        throw Error(ErrorKind::too_large, "the artifact of " + version.label() + " has " +
                                              std::to_string(version.size_bytes) + " bytes, allowed " +
                                              std::to_string(models::max_artifact_bytes));
}

void check_not_revoked(const ModelVersion& version) {
    if (!version.revoked.empty())
        throw Error(ErrorKind::revoked, version.label() + " was revoked (" + version.revoked + ")",
                    "use another version; after the loss of a key train again");
}

void check_signature(const ModelVersion& version) {
    if (!version.signature)
        throw Error(ErrorKind::unsigned_artifact, "the artifact of " + version.label() + " is not signed",
                    "train with a worker that has a signing key: bourse worker --signing-key FILE");
    if (!version.signed_by)
        throw Error(ErrorKind::unsigned_artifact,
                    "the artifact of " + version.label() + " is signed by a key that this database does not know",
                    "train with a worker whose key is in bourse.signing_key");
    const signing::ArtifactIdentity artifact{version.sha256, static_cast<std::uint64_t>(version.size_bytes)};
    if (!signing::is_valid(version.name, artifact, *version.signature, *version.signed_by))
        throw_tampered(version.label(), "its signature does not fit");
}

// What is held of one version; the explainer, where it is there, holds the evaluator.
struct Held {
    std::shared_ptr<const models::Evaluator> evaluator;
    std::shared_ptr<const models::Contributions> explainer;

    std::size_t size_bytes() const { return explainer ? explainer->size_bytes() : evaluator->size_bytes(); }
    bool serves(ModelUse use) const { return use == ModelUse::predict || explainer; }
};

// The session's models, each with the signature it was accepted for. A model in use survives its eviction: call sites
// share it.
class Cache {
public:
    std::optional<Held> find(const ModelVersion& version) {
        shrink();  // the setting may be another than it was
        const auto entry = locate(version);
        if (entry == entries_.end()) return std::nullopt;
        if (entry->signature != version.signature || entry->signed_by != version.signed_by) {  // signed anew
            check_signature(version);
            entry->signature = version.signature;
            entry->signed_by = version.signed_by;
        }
        entries_.splice(entries_.begin(), entries_, entry);
        return entries_.front().held;
    }

    void add(const ModelVersion& version, const Held& held) {
        drop(version);
        if (held.size_bytes() > limit()) return;
        held_bytes_ += held.size_bytes();
        entries_.push_front({version.version_id, version.sha256, version.signature, version.signed_by, held});
        shrink();
    }

    void drop(const ModelVersion& version) {
        if (const auto entry = locate(version); entry != entries_.end()) drop(entry);
    }

private:
    struct Entry {
        std::int64_t version_id;
        signing::Sha256 sha256;
        std::optional<signing::Signature> signature;
        std::optional<signing::PublicKey> signed_by;
        Held held;
    };
    using Position = std::list<Entry>::iterator;

    static std::size_t limit() { return static_cast<std::size_t>(model_cache_mb) << 20; }
    void shrink() {
        while (held_bytes_ > limit()) drop(std::prev(entries_.end()));
    }
    Position locate(const ModelVersion& version) {
        return std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            return entry.version_id == version.version_id && entry.sha256 == version.sha256;
        });
    }
    void drop(Position entry) {
        held_bytes_ -= entry->held.size_bytes();
        entries_.erase(entry);
    }

    std::list<Entry> entries_;  // most recently used first
    std::size_t held_bytes_ = 0;
};

Cache& cache() {
    static Cache session;
    return session;
}

std::vector<std::byte> read_signed(const ModelVersion& version) {
    check_size(version);
    check_not_revoked(version);
    check_signature(version);
    return read_stored_file({version.artifact_id, version.size_bytes, version.sha256}, version.label());
}

Held load(const ModelVersion& version, ModelUse use) {
    check_size(version);
    check_not_revoked(version);
    if (auto cached = cache().find(version); cached && cached->serves(use)) return *cached;
    const auto artifact = models::read_artifact(read_signed(version));
    Held held;
    if (use == ModelUse::explain) {
        held.explainer = std::make_shared<const models::Contributions>(artifact, check_interrupts());
        held.evaluator = {held.explainer, &held.explainer->model()};
    } else {
        held.evaluator = models::make_evaluator(artifact, check_interrupts());
    }
    cache().add(version, held);
    return held;
}

// The server's log gets one line a refusal; standbys, and transactions that are rolled back, leave no other trace.
void log_refusal(const ModelVersion& version, const Error& error) {
    switch (error.kind()) {
        case ErrorKind::unsigned_artifact:
        case ErrorKind::corrupt_artifact:
        case ErrorKind::revoked:
        case ErrorKind::too_large:
            break;
        default:
            return;
    }
    const char *name = version.name.c_str(), *reason = error.what(), *state = sqlstate(error.kind());
    const int number = version.version;
    pg_call([=] {
        ereport(LOG_SERVER_ONLY, (errmsg("bourse refused an artifact: model=%s version=%d sqlstate=%s reason=\"%s\"",
                                         name, number, state, reason),
                                  errhidestmt(true), errhidecontext(true)));
    });
}

// Calls `body` with the version; a refusal is logged, and nothing of the version stays in the session.
template <class F>
auto with_version(const ModelVersion& version, F&& body) {
    try {
        return body(version);
    } catch (const Error& error) {
        cache().drop(version);
        log_refusal(version, error);
        throw;
    }
}

}  // namespace

LoadedModel find_model(const std::string& reference, const SnapshotKey& now, ModelUse use) {
    return with_version(routes().get(reference, now), [use](const ModelVersion& version) {
        const Held held = load(version, use);
        return LoadedModel{version, held.evaluator, held.explainer};
    });
}

LoadedModel find_model(const std::string& reference, ModelUse use) {
    return find_model(reference, SnapshotKey::active(), use);
}

void with_model_file(const std::string& reference,
                     const std::function<void(const ModelVersion&, std::span<const std::byte>)>& body) {
    with_version(resolve(reference), [&](const ModelVersion& version) {
        body(version, read_signed(version));
        return true;
    });
}

ModelCallSite& ModelCallSite::of(FunctionCallInfo fcinfo, ModelUse use) {
    FmgrInfo* site = fcinfo->flinfo;
    if (!site->fn_extra) site->fn_extra = emplace_in<ModelCallSite>(site->fn_mcxt, use);
    return *static_cast<ModelCallSite*>(site->fn_extra);
}

const LoadedModel& ModelCallSite::get(const text* reference) {
    const std::string_view wanted(VARDATA_ANY(reference), VARSIZE_ANY_EXHDR(reference));
    const auto now = SnapshotKey::active();
    if (model_ && wanted == reference_ && now == snapshot_) return *model_;
    model_.reset();
    reference_ = wanted;
    model_ = find_model(reference_, now, use_);
    snapshot_ = now;
    return *model_;
}

}  // namespace bourse::pg
