// Whether two looks at the database would see the same rows.
#pragma once

#include "pgext/boundary.hpp"

namespace bourse::pg {

// Two snapshots of one session with equal keys see the same rows.
struct SnapshotKey {
    LocalTransactionId transaction;  // and the next two: 0 while nothing but the snapshot decides what is seen
    SubTransactionId subtransaction;
    CommandId command;
    TransactionId xmin, xmax;
    uint32 xcnt;
    int32 subxcnt;
    uint64 running;  // hash of the transactions in progress: what is visible are the others below xmax
    bool operator==(const SnapshotKey&) const = default;

    // Whether what was read under this key holds for other transactions, too: for those that have written nothing, and
    // whose reads nobody keeps count of.
    bool outlives_transaction() const noexcept { return transaction == InvalidLocalTransactionId; }

    // Of the active snapshot. Errors: the server's, when there is none.
    static SnapshotKey active();
};

}  // namespace bourse::pg
