// Dirty ranges of a stored set: which rows they move, and who of several refreshes does them.
//
// A refresh plans first. A dirty range of one instrument may move others (a cross-section, Mask, a calendar in which
// positions appeared): planning writes ranges for those too, and marks them and all that it has seen as planned, in one
// transaction and one snapshot. Then the work is done in parts, some instruments each: every part is stored in a
// transaction of its own, which takes away the ranges that it has done. Several refreshes may do parts of one plan at
// once; a lock of the session keeps each instrument with one of them, and goes with the session.
#pragma once

#include <nlohmann/json.hpp>

#include "workers/common/connection.hpp"
#include "workers/task/refresh_plan.hpp"

namespace bourse::workers {

inline constexpr int most_parts = 64;  // instruments are in part id % 64

class DirtyRanges {
public:
    // `together`: the set's instruments cannot be computed apart from each other, there is but one part (which is
    // stored in pieces of time: refresh_part.hpp).
    DirtyRanges(Connection& connection, int feature_set_id, bool together)
        : connection_(connection), feature_set_id_(feature_set_id), parts_(together ? 1 : most_parts) {}
    ~DirtyRanges();
    DirtyRanges(const DirtyRanges&) = delete;
    DirtyRanges& operator=(const DirtyRanges&) = delete;

    struct Part {
        std::vector<int> locks = {};
        std::string ids = {};  // of the ranges, an array literal
        std::vector<DirtySpan> spans = {};
    };

    // Ranges that no refresh has planned yet.
    static Part fresh(pqxx::transaction_base& tx, int feature_set_id);
    // Marks those as planned, and adds these.
    static void plan(pqxx::transaction_base& tx, int feature_set_id, const Part& fresh,
                     std::span<const DirtySpan> more);
    // From now on the ranges count that are planned now, and no later ones. Gives them.
    std::vector<DirtySpan> begin(pqxx::transaction_base& tx);

    // Takes parts that no other session holds, until there are about `most_ranges` ranges; none: there are none left,
    // or others hold them all.
    Part take(std::size_t most_ranges);
    void give_back(Part& part);

    std::int64_t total() const noexcept { return total_; }
    // Ranges that are not done yet, by whomever.
    std::int64_t left(pqxx::transaction_base& tx) const;
    std::int64_t left() const;
    bool together() const noexcept { return parts_ == 1; }

private:
    std::vector<int> lock(const std::vector<int>& numbers);
    void unlock(const std::vector<int>& numbers);

    Connection& connection_;
    int feature_set_id_, parts_;
    std::int64_t newest_ = 0, total_ = 0;
    std::vector<int> held_;
};

}  // namespace bourse::workers
