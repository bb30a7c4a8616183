#include "workers/task/block_reader.hpp"

#include <chrono>

#include "core/error.hpp"

namespace bourse::workers {

using namespace factors;
using namespace std::chrono_literals;

BlockReader::BlockReader(PanelReader& reader, DatabaseSource& source, std::vector<Block> blocks,
                         const std::string& prepare, const CheckInterrupts& interrupts)
    : reader_(reader),
      source_(source),
      interrupts_(interrupts),
      waiting_(std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end())) {
    if (waiting_.size() < 2) return;
    session_ = &source_.second(prepare);
    source_.read_from(session_);
    ask();
}

BlockReader::~BlockReader() {
    if (panel_.valid()) {
        stop_ = true;
        try {
            session_->cancel_query();
        } catch (const std::exception&) {  // the session is gone, and its statement with it
        }
        panel_.wait();
    }
    source_.read_from(nullptr);
}

void BlockReader::ask() {
    if (waiting_.empty()) return;
    asked_ = std::move(waiting_.front());
    waiting_.pop_front();
    panel_ = std::async(std::launch::async, [this, wants = asked_] {
        return reader_.read(wants, [this] {
            if (stop_) throw Error(ErrorKind::cancelled, "nobody waits for these bars");
        });
    });
}

bool BlockReader::next(Block& block, Panel& panel) {
    if (!session_) {
        if (waiting_.empty()) return false;
        block = std::move(waiting_.front());
        waiting_.pop_front();
        panel = reader_.read(block, interrupts_);
        return true;
    }
    if (!panel_.valid()) ask();
    if (!panel_.valid()) return false;
    while (panel_.wait_for(20ms) != std::future_status::ready) check(interrupts_);
    block = std::move(asked_);
    panel = panel_.get();
    ask();
    return true;
}

}  // namespace bourse::workers
