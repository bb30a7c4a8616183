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
    const std::string readable =
        spec.dataset && spec.dataset->pinned
            ? " AND x.data_version_id <@ (SELECT d.data_versions FROM bourse.dataset AS d WHERE d.dataset_id = " +
                  std::to_string(spec.dataset->id) + ")"
            : "";
    const std::string dataset = spec.dataset ? std::to_string(spec.dataset->id) : "NULL";
    const std::string replaced = spec.dataset && spec.dataset->pinned
                                     ? " UNION SELECT h.data_version_id FROM reach AS r JOIN bourse.bar_history AS h "
                                       "ON h.instrument_id = r.id AND "
                                       "h.freq = $1 AND h.ts BETWEEN r.from_ts AND r.to_ts AND h.data_version_id <@ "
                                       "(SELECT d.data_versions FROM bourse.dataset AS d WHERE d.dataset_id = " +
                                           dataset + ")"
                                     : "";
    const auto rows = tx.exec_params(
        "WITH reach AS MATERIALIZED (SELECT u.id, " + from + " AS from_ts, " + to +
            " AS to_ts FROM (SELECT id, timestamptz 'epoch' + f * interval '1 microsecond' AS first_ts, timestamptz "
            "'epoch' "
            "+ l * interval '1 microsecond' AS last_ts FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS t(id, f, "
            "l)) "
            "AS u), stored AS MATERIALIZED (SELECT bourse.stored_versions($1, coalesce(array_agg(r.id), '{}'), "
            "coalesce(array_agg(bourse.to_unix_us(r.from_ts)), '{}'), coalesce(array_agg(bourse.to_unix_us(r.to_ts) + "
            "1), '{}'), " +
            dataset +
            ") AS versions FROM reach AS r), found AS (SELECT unnest(s.versions) AS data_version_id FROM stored AS s "
            "UNION SELECT b.data_version_id FROM stored AS s CROSS JOIN reach AS r CROSS JOIN LATERAL (SELECT x.* FROM "
            "bourse.bar AS x WHERE s.versions IS NULL AND x.instrument_id = r.id AND x.freq = $1 AND x.ts BETWEEN "
            "r.from_ts "
            "AND r.to_ts" +
            readable + ") AS b" + replaced + ") SELECT data_version_id FROM found ORDER BY 1",
        spec.freq, "{" + ids + "}", "{" + firsts + "}", "{" + lasts + "}");
    std::vector<std::int64_t> versions;
    for (const auto& row : rows) versions.push_back(row[0].as<std::int64_t>());
    return versions;
}

}  // namespace bourse::workers
