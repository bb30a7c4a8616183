#include "pgext/panel_series.hpp"

#include "pgext/panel_blocks.hpp"

namespace bourse::pg {

void each_series(const PanelCall& call, const TakeSeries& take, std::vector<std::int32_t> instruments) {
    PanelBlocks blocks(call, std::move(instruments));
    while (blocks.next()) take(blocks.series(), blocks.features());
}

}  // namespace bourse::pg
