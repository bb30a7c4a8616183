#include "pgext/snapshot_key.hpp"

extern "C" {
#include "access/xact.h"
#include "storage/proc.h"
#include "utils/snapmgr.h"
}

namespace bourse::pg {

// A transaction without a number has written nothing. One that has may have written, and taken back with a
// subtransaction, between two snapshots that are equal else; a serializable one must be seen to read by the server.
SnapshotKey SnapshotKey::active() {
    const Snapshot snapshot = pg_call([] {
        if (!ActiveSnapshotSet()) elog(ERROR, "predict needs a snapshot");
        return GetActiveSnapshot();
    });
    uint64 running = 1469598103934665603ull;  // FNV-1a
    const auto add = [&running](const TransactionId* ids, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) running = (running ^ ids[i]) * 1099511628211ull;
    };
    add(snapshot->xip, snapshot->xcnt);
    if (snapshot->takenDuringRecovery)  // a standby has them all here
        add(snapshot->subxip, static_cast<std::size_t>(std::max(snapshot->subxcnt, 0)));
    SnapshotKey key{InvalidLocalTransactionId,
                    InvalidSubTransactionId,
                    0,
                    snapshot->xmin,
                    snapshot->xmax,
                    snapshot->xcnt,
                    snapshot->subxcnt,
                    running};
    if (IsolationIsSerializable() || TransactionIdIsValid(GetTopTransactionIdIfAny())) {
        key.transaction = MyProc->lxid;
        key.subtransaction = GetCurrentSubTransactionId();
        key.command = snapshot->curcid;
    }
    return key;
}

}  // namespace bourse::pg
