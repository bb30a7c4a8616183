// The series of a panel one after the other, a block of them computed when the first of it is come to.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pgext/panel_call.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {

// May live from one call of a function to the next: SPI is connected while a block is read and computed, not in
// between.
class PanelBlocks {
public:
    // `call` must outlive it. `instruments`: of these alone, cross-sections being the universe's as ever; empty: of
    // all.
    explicit PanelBlocks(const PanelCall& call, std::vector<std::int32_t> instruments = {});
    PanelBlocks(const PanelBlocks&) = delete;
    PanelBlocks& operator=(const PanelBlocks&) = delete;

    // The next series; false: there is none.
    bool next();
    const factors::Series& series() const { return panel_.series[series_]; }
    // Its float32 rows, in their order; valid until next().
    std::span<const float> features() const { return features_; }

private:
    void read_block();

    const PanelCall& call_;
    CheckInterrupts interrupts_;
    SpiSource source_;
    std::optional<factors::PanelReader> reader_;
    std::vector<std::vector<factors::PanelReader::Want>> blocks_;
    std::size_t block_ = 0, series_ = 0, before_ = 0;
    bool begun_ = false;  // the block's first series was given
    factors::Panel panel_;
    factors::FeatureMatrix matrix_;
    std::span<const float> features_;
};

}  // namespace bourse::pg
