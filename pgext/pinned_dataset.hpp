// What a stored dataset may read of bourse.bar.
#pragma once

#include "pgext/stored_bars.hpp"

namespace bourse::pg {

struct DatasetBars {
    bool by_pages = false;  // its bars are those of bourse.bar that `readable` allows, and replaced ones
    bool restricted = false;
    bool replaced = false;  // bourse.bar_history may hold some of them
    StoredBars::Readable readable;
};

// Within an SPI connection. by_pages is false for a live dataset of an earlier time: only a SELECT tells its bars.
// Errors: invalid_argument for a dataset that is not there.
DatasetBars dataset_bars(std::int64_t dataset_id);

// The bars that may be read, from their pages; none where only a SELECT will do. `which` must outlive them.
std::optional<StoredBars> open_bars(const std::string& freq, const DatasetBars& which);

}  // namespace bourse::pg
