#include "datasets/build.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <utility>

#include "core/error.hpp"
#include "core/float_order.hpp"
#include "datasets/dates.hpp"
#include "datasets/feature_rows.hpp"
#include "datasets/kept_source.hpp"
#include "datasets/labels.hpp"
#include "datasets/processors/columns.hpp"
#include "datasets/processors/time_range.hpp"

namespace bourse::datasets {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

// Bars that the features will want are kept by the way.
Labels labels_of(KeptSource& source, const factors::Plan& features, const Definition& definition, bool with_unlabelled,
                 const BuildWatch& watch) {
    if (watch.progress) watch.progress(0, "labels");
    source.keep_bars(true);
    const auto labels =
        read_labels(source,
                    {definition.label, definition.freq, definition.universe, definition.from_us, definition.to_us,
                     definition.horizon_bars, with_unlabelled, features.rows_to_read().left},
                    watch.interrupts, watch.parallel);
    source.keep_bars(false);
    if (std::any_of(labels.rows.begin(), labels.rows.end(), [](const LabelRow& row) { return !std::isnan(row.label); }))
        return labels;
    throw Error(ErrorKind::insufficient_data,
                "too little data: no bar in the span and universe of dataset " + definition.name + " has the label " +
                    definition.label,
                "load more bars, or make a dataset with another label, span or universe",
                std::to_string(labels.without_label) + " rows without a label, span " + date_text(definition.from_us) +
                    " to " + date_text(definition.to_us));
}

factors::Plan plan_of(factors::MarketSource& source, const Definition& definition, const BuildWatch& watch) {
    return factors::compile(
        definition.expressions, {}, [&] { return source.custom_operators(); }, watch.interrupts);
}

struct Assigned {
    std::vector<Span> span, in_part;  // one a row; purged: in none
};

Assigned assign(const Definition& definition, const std::vector<FoldRange>& ranges, const Labels& labels) {
    std::vector<std::int64_t> ts, label_end;
    ts.reserve(labels.rows.size());
    label_end.reserve(labels.rows.size());
    for (const auto& row : labels.rows) {
        ts.push_back(row.ts);
        label_end.push_back(row.label_end);
    }
    Assigned assigned;
    assigned.span = assign_rows(definition.split, ranges, ts, label_end, &assigned.in_part);
    for (std::size_t row = 0; row < ts.size(); ++row)
        if (std::isnan(labels.rows[row].label)) assigned.span[row] = Span::purged;
    return assigned;
}

bool has_any(std::span<const float> features) {
    return std::any_of(features.begin(), features.end(), [](float value) { return !std::isnan(value); });
}

bool any_by_timestamp(const std::vector<Processor>& list) {
    return std::any_of(list.begin(), list.end(), [](const Processor& each) { return each.by_timestamp(); });
}

class FoldBuilder {
public:
    FoldBuilder(const Definition& definition, const BuildWatch& watch)
        : definition_(definition), watch_(watch), matrix_(definition.features.size()) {}

    BuiltFold build(factors::MarketSource& read_from, int fold, bool processed) {
        const auto ranges = definition_.ranges_of(fold);
        const auto& infer = definition_.processors.infer;
        const bool with_context = processed && any_by_timestamp(infer);
        const bool in_time_range = processed && has_time_range(infer);
        KeptSource source(read_from);
        const auto plan = plan_of(source, definition_, watch_);
        const Labels labels = labels_of(source, plan, definition_, with_context || in_time_range, watch_);
        built_.label_bars = labels.bars_ahead;
        built_.without_label = labels.without_label;
        const Assigned assigned = assign(definition_, ranges, labels);
        place(labels, assigned, with_context);
        fill(source, plan, labels);
        look_at_rows();
        settle();
        if (in_time_range) leave_out(out_of_time_range(infer, labels.rows));
        count_timestamps(ranges);
        look_at_columns(processed);
        if (processed) run_processors();
        keep_context_ = false;
        settle();
        drop_infinite_values();
        built_.dataset.matrix = std::move(matrix_);
        built_.dataset.outcomes = std::move(outcomes_);
        built_.label_end = std::move(label_end_);
        return std::move(built_);
    }

private:
    // Rows of the fold part by part; those that are only there for others of their timestamp have no label.
    void place(const Labels& labels, const Assigned& assigned, bool with_context) {
        const std::size_t rows = labels.rows.size();
        place_.assign(rows, none);
        for (const Span part : {Span::train, Span::valid, Span::test})
            for (std::size_t row = 0; row < rows; ++row) {
                if (assigned.in_part[row] != part) continue;
                const bool used = assigned.span[row] == part;
                if (!used && !std::isnan(labels.rows[row].label)) ++built_.dataset.spans[number(part)].purged;
                if (!used && !with_context) continue;
                place_[row] = part_.size();
                part_.push_back(part);
                context_.push_back(!used);
            }
        matrix_.resize_unset(part_.size());
        outcomes_.resize(part_.size());
        label_end_.resize(part_.size());
        for (std::size_t row = 0; row < rows; ++row) {
            const std::size_t at = place_[row];
            if (at == none) continue;
            const auto& label = labels.rows[row];
            matrix_.set(at, label.ts, label.instrument_id, context_[at] ? missing : static_cast<float>(label.label));
            outcomes_[at] = label.label;
            label_end_[at] = label.label_end;
        }
        keep_.assign(part_.size(), 0);
    }

    // Keeps the rows that get features.
    void fill(factors::MarketSource& source, const factors::Plan& plan, const Labels& labels) {
        std::vector<std::uint8_t> wanted(labels.rows.size());
        for (std::size_t row = 0; row < wanted.size(); ++row) wanted[row] = place_[row] != none;
        evaluate_rows(source, plan, definition_, labels.rows, wanted, watch_,
                      [&](std::size_t row, std::span<const float> features) {
                          std::copy(features.begin(), features.end(), matrix_.row(place_[row]).begin());
                          keep_[place_[row]] = 1;
                      });
        place_ = {};
    }

    // Hashes the rows that are used, where asked for; those without any feature are not.
    void look_at_rows() {
        std::mutex one_at_a_time;
        RowSum sum;
        in_rows([&](std::size_t from, std::size_t to) {
            RowSum some;
            RowDigester digester;
            const auto all = std::as_const(matrix_).view();
            std::size_t without = 0;
            for (std::size_t row = from; row < to; ++row) {
                const auto features = all.values.subspan(row * all.columns, all.columns);
                if (!keep_[row]) std::ranges::fill(matrix_.row(row), missing);
                keep_[row] = has_any(features);
                if (context_[row]) continue;
                without += !keep_[row];
                if (keep_[row] && watch_.hash_rows)
                    some.add(digester.of(all.instruments[row], all.ts[row], label_end_[row], outcomes_[row], features));
            }
            const std::lock_guard lock(one_at_a_time);
            sum.add(some);
            built_.dataset.without_features += without;
        });
        if (watch_.hash_rows) built_.rows_sha256 = sum.hex();
    }

    void leave_out(const std::unordered_set<std::int32_t>& instruments) {
        const auto of_row = std::as_const(matrix_).view().instruments;
        for (std::size_t row = 0; row < keep_.size(); ++row) {
            if (!instruments.contains(of_row[row])) continue;
            keep_[row] = 0;
            built_.dropped_by_processors += !context_[row];
        }
        settle();
    }

    // The train part's features in order, once for all that want to know: the watch, and the first processor where that
    // learns from order alone.
    void look_at_columns(bool processed) {
        const auto& infer = definition_.processors.infer;
        const auto used = train_rows();
        const auto rows = static_cast<std::size_t>(std::count(used.begin(), used.end(), 1));
        const bool learns = processed && rows > 0 && !infer.empty() && fits_sorted(infer.front());
        if (!learns && !watch_.train_values) return;
        known_.assign(learns ? matrix_.columns() : 0, {});
        std::vector<std::uint8_t> dropped(matrix_.columns(), 0);
        ProcessedRows train{matrix_, definition_.features, used, keep_, dropped};
        train.parallel = watch_.parallel;
        for_fit_columns(train, columns_of(Group::feature, matrix_.columns()), watch_.interrupts,
                        [&](std::size_t column, std::vector<float>& values, FloatSorter& sorter) {
                            sorter.sort(values);
                            if (learns) known_[column] = fit_sorted(infer.front(), values);
                            if (watch_.train_values) watch_.train_values(column, values, rows);
                        });
    }

    void drop_infinite_values() {
        std::atomic<std::size_t> dropped = 0;
        in_rows([&](std::size_t from, std::size_t to) {
            std::size_t some = 0;
            for (std::size_t row = from; row < to; ++row) some += drop_infinities(matrix_.row(row));
            dropped += some;
        });
        built_.dataset.infinite_values = dropped;
    }

    void in_rows(const std::function<void(std::size_t from, std::size_t to)>& work) {
        in_runs(watch_.parallel, matrix_.rows(), rows_at_once, watch_.interrupts, work);
    }

    // Takes out the rows that are not kept, and says where the parts lie.
    void settle() {
        if (!keep_context_)
            for (std::size_t row = 0; row < keep_.size(); ++row)
                if (context_[row]) keep_[row] = 0;
        matrix_.retain(keep_, watch_.interrupts);
        const auto shrink = [&](auto& values) {
            std::size_t kept = 0;
            for (std::size_t row = 0; row < keep_.size(); ++row)
                if (keep_[row]) values[kept++] = values[row];
            values.resize(kept);
        };
        shrink(outcomes_);
        shrink(label_end_);
        shrink(part_);
        shrink(context_);
        keep_.assign(part_.size(), 1);
        std::size_t from = 0;
        for (const Span part : {Span::train, Span::valid, Span::test}) {
            auto& range = built_.dataset.spans[number(part)];
            range.from = from;
            while (from < part_.size() && part_[from] == part) ++from;
            range.to = from;
        }
    }

    void count_timestamps(const std::vector<FoldRange>& ranges) {
        for (const auto& range : ranges) built_.dataset.spans[number(range.part)].timestamps += range.timestamps;
    }

    // 1: of train, and not only there for others of its timestamp.
    std::vector<std::uint8_t> train_rows() const {
        std::vector<std::uint8_t> used(matrix_.rows());
        for (std::size_t row = 0; row < used.size(); ++row) used[row] = part_[row] == Span::train && !context_[row];
        return used;
    }

    // All fitted ones learn from the train rows that are used. Learn processors see train and valid, which come first.
    void run_processors() {
        std::vector<std::uint8_t> dropped(matrix_.columns(), 0);
        run(definition_.processors.infer, dropped, matrix_.rows());
        built_.infer_applied = built_.applied.size();
        keep_context_ = false;
        settle();
        const std::size_t before = matrix_.rows();
        run(definition_.processors.learn, dropped, built_.dataset.range(Span::valid).to);
        drop_unlabelled();
        settle();
        built_.dropped_by_processors += before - matrix_.rows();
    }

    void run(const std::vector<Processor>& processors, std::span<std::uint8_t> dropped, std::size_t to) {
        const auto fit = train_rows();
        std::vector<ColumnStep> waiting;
        ProcessedRows rows{matrix_, definition_.features, fit, keep_, dropped, 0, to, &waiting,
                           known_,  watch_.parallel};
        for (const auto& processor : processors) {
            for (auto& one : process(processor, rows, watch_.interrupts)) built_.applied.push_back(std::move(one));
            rows.known = {};
        }
        apply_waiting(rows, watch_.interrupts);
        known_.clear();
    }

    // A label that a processor could make no number of: nothing can be learned from it. What is tested on keeps its
    // own.
    void drop_unlabelled() {
        for (std::size_t row = 0; row < matrix_.rows(); ++row) {
            auto& label = matrix_.labels()[row];
            if (std::isfinite(label)) continue;
            if (part_[row] == Span::test)
                label = static_cast<float>(outcomes_[row]);
            else
                keep_[row] = 0;
        }
    }

    static std::size_t number(Span part) { return static_cast<std::size_t>(part); }
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static constexpr std::size_t rows_at_once = 4096;

    const Definition& definition_;
    const BuildWatch& watch_;
    Matrix matrix_;
    BuiltFold built_{Dataset{Matrix(0), {}, {}, 0, 0}, {}, {}, 0, 0, 0, 0, {}};
    std::vector<double> outcomes_;
    std::vector<std::int64_t> label_end_;
    std::vector<std::size_t> place_;  // of a labelled row in the matrix
    std::vector<Span> part_;          // of a row of the matrix
    std::vector<std::uint8_t> context_, keep_;
    std::vector<KnownFit> known_;  // of the first processor, where its fit is known before it runs
    bool keep_context_ = true;
};

}  // namespace

BuiltFold build_fold(factors::MarketSource& source, const Definition& definition, int fold, bool processed,
                     const BuildWatch& watch) {
    return FoldBuilder(definition, watch).build(source, fold, processed);
}

Scan scan_dataset(factors::MarketSource& read_from, const Definition& definition, const BuildWatch& caller) {
    BuildWatch watch = caller;
    watch.parallel = {};  // rows are added up as they come
    KeptSource source(read_from);
    const auto plan = plan_of(source, definition, watch);
    const Labels labels = labels_of(source, plan, definition, false, watch);
    Scan scan;
    scan.without_label = labels.without_label;
    const auto folds = static_cast<std::size_t>(definition.folds());
    std::vector<std::vector<Span>> spans;  // by fold
    for (std::size_t fold = 0; fold < folds; ++fold) {
        const auto ranges = definition.ranges_of(static_cast<int>(fold) + 1);
        auto assigned = assign(definition, ranges, labels);
        for (const Span part : {Span::train, Span::valid, Span::test}) {
            if (std::none_of(ranges.begin(), ranges.end(), [&](const FoldRange& r) { return r.part == part; }))
                continue;
            auto& one = scan.parts.emplace_back();
            one.fold = static_cast<int>(fold) + 1;
            one.part = part;
            for (std::size_t row = 0; row < labels.rows.size(); ++row)
                one.purged_rows += assigned.in_part[row] == part && assigned.span[row] != part;
        }
        spans.push_back(std::move(assigned.span));
    }
    RowSum all;
    std::vector<RowSum> of_fold(folds);
    std::vector<std::array<RowSum, span_count>> of_part(folds);
    RowDigester digester;
    const std::vector<std::uint8_t> wanted(labels.rows.size(), 1);
    evaluate_rows(
        source, plan, definition, labels.rows, wanted, watch, [&](std::size_t row, std::span<const float> features) {
            if (!has_any(features)) return;
            const auto& label = labels.rows[row];
            const auto digest = digester.of(label.instrument_id, label.ts, label.label_end, label.label, features);
            all.add(digest);
            for (std::size_t fold = 0; fold < folds; ++fold) {
                if (spans[fold][row] == Span::purged) continue;
                of_fold[fold].add(digest);
                of_part[fold][static_cast<std::size_t>(spans[fold][row])].add(digest);
            }
        });
    scan.rows = all.rows();
    scan.sha256 = all.hex();
    for (std::size_t fold = 0; fold < folds; ++fold)
        scan.folds.push_back({static_cast<int>(fold) + 1, Span::train, of_fold[fold].rows(), 0, of_fold[fold].hex()});
    for (auto& part : scan.parts) {
        const auto number = static_cast<std::size_t>(part.fold) - 1;
        const auto& sum = of_part[number][static_cast<std::size_t>(part.part)];
        part.rows = sum.rows();
        part.sha256 = sum.hex();
        scan.folds[number].purged_rows += part.purged_rows;
    }
    return scan;
}

}  // namespace bourse::datasets
