// All series of a panel, a block in memory at a time.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "pgext/panel_call.hpp"

namespace bourse::pg {

// The float32 rows of a series, in the order of its own; valid within the call.
using TakeSeries = std::function<void(const factors::Series&, std::span<const float>)>;
// Within an SPI connection. `instruments`: of these alone, cross-sections being the universe's as ever; empty: of all.
void each_series(const PanelCall& call, const TakeSeries& take, std::vector<std::int32_t> instruments = {});

}  // namespace bourse::pg
