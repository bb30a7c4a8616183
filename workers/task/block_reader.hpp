// Reads the bars of a refresh ahead: while the rows of one block are computed and stored, the next one comes over a
// session of its own.
#pragma once

#include <atomic>
#include <deque>
#include <future>

#include "factors/panel_reader.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {

class BlockReader {
public:
    using Block = std::vector<factors::PanelReader::Want>;

    // `source` is the reader's; it reads from another session when there is more than one block, and from its own again
    // afterwards. Both must outlive this. `prepare`: run on that session before it reads.
    BlockReader(factors::PanelReader& reader, DatabaseSource& source, std::vector<Block> blocks,
                const std::string& prepare, const CheckInterrupts& interrupts);
    ~BlockReader();
    BlockReader(const BlockReader&) = delete;
    BlockReader& operator=(const BlockReader&) = delete;

    // The next block and its panel; false after the last one. Errors: those of PanelReader::read.
    bool next(Block& block, factors::Panel& panel);
    // One more block, at the end.
    void add(Block block) { waiting_.push_back(std::move(block)); }

private:
    void ask();

    factors::PanelReader& reader_;
    DatabaseSource& source_;
    const CheckInterrupts& interrupts_;
    Connection* session_ = nullptr;  // null: each block is read when it is asked for
    std::deque<Block> waiting_;
    Block asked_;
    std::future<factors::Panel> panel_;
    std::atomic<bool> stop_ = false;
};

}  // namespace bourse::workers
