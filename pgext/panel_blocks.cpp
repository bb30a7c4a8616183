#include "pgext/panel_blocks.hpp"

#include "core/reused_memory.hpp"

namespace bourse::pg {

using namespace factors;

PanelBlocks::PanelBlocks(const PanelCall& call, std::vector<std::int32_t> instruments)
    : call_(call), interrupts_(check_interrupts()), source_(call.options.known_at) {
    keep_freed_memory();
    SpiScope spi;
    if (!reads_only_built_in(call.plan)) require_fields(call.plan, source_.known_fields(call.freq));
    PanelRequest request = request_of(call);
    request.instruments = std::move(instruments);
    reader_.emplace(source_, std::move(request));
    blocks_ = reader_->blocks(reader_->want_all(call.from_us, call.to_us), block_bytes(call));
}

bool PanelBlocks::next() {
    if (begun_) ++series_;
    begun_ = true;
    while (series_ == panel_.series.size()) {
        if (block_ == blocks_.size()) return false;
        read_block();
    }
    const std::size_t count = (series().last - series().first) * call_.expressions.size();
    features_ = std::span<const float>(matrix_.values).subspan(before_, count);
    before_ += count;
    return true;
}

void PanelBlocks::read_block() {
    SpiScope spi;
    panel_ = reader_->read(blocks_[block_++], interrupts_);
    values_of(call_, panel_, matrix_, interrupts_);
    series_ = before_ = 0;
}

}  // namespace bourse::pg
