// Rows of a dataset out of bars: one fold with its processors, or all rows one after the other to count and hash them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "datasets/dataset.hpp"
#include "datasets/definition.hpp"
#include "datasets/row_hash.hpp"
#include "factors/market_source.hpp"

namespace bourse::datasets {

struct BuildWatch {
    CheckInterrupts interrupts;
    std::function<void(double ratio, const std::string& note)> progress;
    // Each feature of the train part as evaluated, before any processor, for what must speak of raw features: its
    // values without the missing ones, in ascending order, of so many rows. Called by several threads where `parallel`
    // has them.
    std::function<void(std::size_t feature, std::span<const float> sorted, std::size_t rows)> train_values;
    bool hash_rows = true;  // fills in rows_sha256
    Parallel parallel;      // for the long loops over rows and columns; empty: one after the other
};

struct BuiltFold {
    Dataset dataset;                      // parts are runs of rows, each ordered by (ts, instrument)
    std::vector<std::int64_t> label_end;  // one a row
    std::vector<Applied> applied;         // what the processors learned, in order; points into the definition
    std::size_t infer_applied = 0;        // the first so many are of infer
    int label_bars = 0;
    std::size_t without_label = 0;  // rows of the span that have none
    std::size_t dropped_by_processors = 0;
    std::string rows_sha256;  // of the raw rows of all parts (RowSum), where it was asked for
};

// Fold `fold` of a dataset. Features and labels are computed from the source's bars; infer processors run on every
// row of the fold's parts, learn processors on train and valid; all fitted ones learn from train alone. Where a
// processor looks at other rows of a timestamp, those without label and the purged ones are among them.
// Memory: the fold's matrix, about 50 bytes a row beside it, two blocks of bars, and 64 MB of columns for each thread.
// Errors: bad_expression, invalid_argument (no such fold), insufficient_data (no row with a label).
BuiltFold build_fold(factors::MarketSource& source, const Definition& definition, int fold, bool processed,
                     const BuildWatch& watch);

struct ScannedPart {
    int fold = 1;
    Span part = Span::train;  // of Scan::folds: of no meaning
    std::size_t rows = 0, purged_rows = 0;
    std::string sha256;
};

struct Scan {
    std::size_t rows = 0;  // with a label and any feature
    std::size_t without_label = 0;
    std::string sha256;  // of those rows
    std::vector<ScannedPart> parts;
    std::vector<ScannedPart> folds;  // each with all its parts; its sha256 is BuiltFold::rows_sha256
};

// Counts and hashes of every row and fold, in bounded memory: a block of bars and some bytes a row and fold.
Scan scan_dataset(factors::MarketSource& source, const Definition& definition, const BuildWatch& watch);

}  // namespace bourse::datasets
