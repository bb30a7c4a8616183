#include "workers/task/training/data_versions.hpp"

namespace bourse::workers {

std::vector<std::int64_t> read_data_versions(pqxx::transaction_base& tx, const RunSpec& spec,
                                             const InstrumentSpans& spans, int bars_ahead) {
    std::string ids, firsts, lasts;
    for (const auto& [id, span] : spans) {
        const char* comma = ids.empty() ? "" : ",";
        ids += comma + std::to_string(id);
        firsts += comma + std::to_string(span.first);
        lasts += comma + std::to_string(span.second);
    }
    const std::string from = spec.lookback_bars ? "coalesce((SELECT x.ts FROM bourse.bar AS x WHERE x.instrument_id = "
                                                  "u.id AND x.freq = $1 AND x.ts <= u.first_ts "
                                                  "ORDER BY x.ts DESC OFFSET " +
                                                      std::to_string(*spec.lookback_bars) + " LIMIT 1), '-infinity')"
                                                : "timestamptz '-infinity'";
    const std::string to =
        "coalesce((SELECT x.ts FROM bourse.bar AS x WHERE x.instrument_id = u.id AND x.freq = $1 AND x.ts >= u.last_ts "
        "ORDER BY x.ts OFFSET " +
        std::to_string(bars_ahead) + " LIMIT 1), 'infinity')";
    const std::string bars =
        spec.dataset && spec.dataset->pinned
            ? "(SELECT a.instrument_id, a.freq, a.ts, a.data_version_id FROM bourse.bar AS a UNION ALL "
              "SELECT h.instrument_id, h.freq, h.ts, h.data_version_id FROM bourse.bar_history AS h)"
            : "bourse.bar";
    const std::string readable =
        spec.dataset && spec.dataset->pinned
            ? " WHERE b.data_version_id <@ (SELECT d.data_versions FROM bourse.dataset AS d WHERE d.dataset_id = " +
                  std::to_string(spec.dataset->id) + ")"
            : "";
    const auto rows = tx.exec_params(
        "SELECT DISTINCT b.data_version_id FROM (SELECT id, timestamptz 'epoch' + f * interval '1 microsecond' AS "
        "first_ts, "
        "timestamptz 'epoch' + l * interval '1 microsecond' AS last_ts FROM unnest($2::int[], $3::bigint[], "
        "$4::bigint[]) AS t(id, f, l)) AS u "
        "CROSS JOIN LATERAL (SELECT " +
            from + " AS from_ts, " + to +
            " AS to_ts) AS reach "
            "JOIN " +
            bars + " AS b ON b.instrument_id = u.id AND b.freq = $1 AND b.ts BETWEEN reach.from_ts AND reach.to_ts" +
            readable + " ORDER BY 1",
        spec.freq, "{" + ids + "}", "{" + firsts + "}", "{" + lasts + "}");
    std::vector<std::int64_t> versions;
    for (const auto& row : rows) versions.push_back(row[0].as<std::int64_t>());
    return versions;
}

}  // namespace bourse::workers
