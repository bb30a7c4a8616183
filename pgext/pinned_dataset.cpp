#include "pgext/pinned_dataset.hpp"

#include "core/error.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {

DatasetBars dataset_bars(std::int64_t dataset_id) {
    const std::string id = std::to_string(dataset_id);
    DatasetBars bars;
    bool found = false;
    spi_rows(
        "SELECT d.pinned, d.known_at IS NULL, bourse.to_unix_us(d.known_at), EXISTS (SELECT FROM bourse.bar_history) "
        "FROM bourse.dataset AS d WHERE d.dataset_id = " +
            id,
        [&](const SpiRow& row) {
            found = true;
            bars.restricted = row.flag(1);
            bars.by_pages = row.flag(1) || row.flag(2);
            bars.readable.known_at_us = row.int8(3);
            bars.replaced = row.flag(1) && row.flag(4);
        });
    if (!found) throw Error(ErrorKind::invalid_argument, "there is no dataset " + id);
    if (bars.restricted)
        spi_rows(
            "SELECT coalesce(lower(r), 0), coalesce(upper(r), 9223372036854775807) FROM bourse.dataset AS d "
            "CROSS JOIN LATERAL unnest(d.data_versions) AS r WHERE d.dataset_id = " +
                id + " ORDER BY 1",
            [&](const SpiRow& row) { bars.readable.versions.emplace_back(row.int8(1), row.int8(2)); });
    return bars;
}

std::optional<StoredBars> open_bars(const std::string& freq, const DatasetBars& which) {
    auto stored = which.by_pages ? StoredBars::open(freq) : std::nullopt;
    if (stored && which.restricted) stored->restrict_to(which.readable);
    return stored;
}

}  // namespace bourse::pg
