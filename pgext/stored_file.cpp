#include "pgext/stored_file.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <span>

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
}

namespace bourse::pg {
namespace {

constexpr std::size_t hash_step_bytes = 4u << 20;  // between two looks at cancellation

// The scan over one artifact's chunks in order. Below SQL, because nobody may read that table: the caller's right to
// the model has been checked by resolving it.
struct ChunkScan {
    Relation heap = nullptr;
    Relation index = nullptr;
    SysScanDesc scan = nullptr;

    void open(std::int64_t artifact_id) {
        const Oid schema = get_namespace_oid("bourse", false);
        const Oid heap_id = get_relname_relid("artifact_chunk", schema);
        const Oid index_id = get_relname_relid("artifact_chunk_pkey", schema);
        if (!OidIsValid(heap_id) || !OidIsValid(index_id))
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table bourse.artifact_chunk is missing"),
                            errhint("run: bourse migrate")));
        heap = table_open(heap_id, AccessShareLock);
        index = index_open(index_id, AccessShareLock);
        ScanKeyData key;
        ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(artifact_id));
        scan = systable_beginscan_ordered(heap, index, GetActiveSnapshot(), 1, &key);
    }
    struct Chunk {
        int32 number;  // -1 at the end
        std::size_t size;
    };
    // The next chunk's number and size; its bytes go to `to` when they fit into `room`.
    Chunk next(std::byte* to, std::size_t room) const {
        HeapTuple tuple = systable_getnext_ordered(scan, ForwardScanDirection);
        if (!tuple) return {-1, 0};
        bool null = false;
        const Datum stored = heap_getattr(tuple, 3, RelationGetDescr(heap), &null);
        bytea* content = DatumGetByteaPP(stored);  // a copy, unless it is short enough to stand in the row
        const Chunk chunk{DatumGetInt32(heap_getattr(tuple, 2, RelationGetDescr(heap), &null)),
                          VARSIZE_ANY_EXHDR(content)};
        if (chunk.size <= room) std::memcpy(to, VARDATA_ANY(content), chunk.size);
        if (PointerGetDatum(content) != stored) pfree(content);
        return chunk;
    }
    void close() const {
        systable_endscan_ordered(scan);
        index_close(index, AccessShareLock);
        table_close(heap, AccessShareLock);
    }
};

std::vector<std::byte> read_chunks(const StoredFile& file, const std::string& label) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(file.size_bytes));
    std::size_t filled = 0;
    ChunkScan chunks;
    pg_call([&] { chunks.open(file.artifact_id); });
    for (int32 expected = 0;; ++expected) {
        std::byte* const to = bytes.data() + filled;
        const std::size_t room = bytes.size() - filled;
        const auto chunk = pg_call([&] {
            CHECK_FOR_INTERRUPTS();
            return chunks.next(to, room);
        });
        if (chunk.number < 0) break;
        if (chunk.number != expected || chunk.size > room) throw_tampered(label, "its chunks do not add up");
        filled += chunk.size;
    }
    pg_call([&] { chunks.close(); });
    if (filled != bytes.size())
        throw_tampered(label, std::to_string(filled) + " of " + std::to_string(bytes.size()) + " bytes are there");
    return bytes;
}

signing::Sha256 hash(std::span<const std::byte> bytes) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (std::size_t at = 0; at < bytes.size(); at += hash_step_bytes) {
        const auto part = bytes.subspan(at, std::min(hash_step_bytes, bytes.size() - at));
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
        pg_call([] { CHECK_FOR_INTERRUPTS(); });
    }
    signing::Sha256 result;
    crypto_hash_sha256_final(&state, result.data());
    return result;
}

}  // namespace

void throw_tampered(const std::string& label, const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "the artifact of " + label + " is damaged: " + problem,
                "restore it from a backup, or train again");
}

std::vector<std::byte> read_stored_file(const StoredFile& file, const std::string& label) {
    auto bytes = read_chunks(file, label);
    if (hash(bytes) != file.sha256) throw_tampered(label, "its bytes do not have the recorded sha256");
    return bytes;
}

}  // namespace bourse::pg
