#include "pgext/panel_series.hpp"

#include "pgext/spi_source.hpp"

namespace bourse::pg {

using namespace factors;

void each_series(const PanelCall& call, const TakeSeries& take, std::vector<std::int32_t> instruments) {
    const auto interrupts = check_interrupts();
    SpiSource source(call.options.known_at);
    if (!reads_only_built_in(call.plan)) require_fields(call.plan, source.known_fields(call.freq));
    PanelRequest request = request_of(call);
    request.instruments = std::move(instruments);
    PanelReader reader(source, std::move(request));
    FeatureMatrix matrix;
    for (const auto& block : reader.blocks(reader.want_all(call.from_us, call.to_us), block_bytes(call))) {
        const Panel panel = reader.read(block, interrupts);
        values_of(call, panel, matrix, interrupts);
        std::size_t at = 0;
        for (const Series& series : panel.series) {
            const std::size_t count = (series.last - series.first) * call.expressions.size();
            take(series, std::span<const float>(matrix.values).subspan(at, count));
            at += count;
        }
    }
}

}  // namespace bourse::pg
