#include "datasets/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/error.hpp"

namespace bourse::datasets {
namespace {

void zscore(std::span<float> labels) {
    const auto n = static_cast<double>(labels.size());
    const double mean = std::accumulate(labels.begin(), labels.end(), 0.0) / n;
    double squares = 0;
    for (const float label : labels) squares += (label - mean) * (label - mean);
    const double deviation = n > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
    for (float& label : labels) label = deviation > 0 ? static_cast<float>((label - mean) / deviation) : 0.0F;
}

void rank(std::span<float> labels) {
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return labels[a] < labels[b]; });
    std::vector<float> ranks(labels.size());
    const double scale = labels.size() > 1 ? static_cast<double>(labels.size() - 1) : 1.0;
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from + 1;
        while (to < order.size() && labels[order[to]] == labels[order[from]]) ++to;
        const double middle = labels.size() > 1 ? static_cast<double>(from + to - 1) / 2 / scale - 0.5 : 0.0;
        for (; from < to; ++from) ranks[order[from]] = static_cast<float>(middle);
    }
    std::copy(ranks.begin(), ranks.end(), labels.begin());
}

template <class T>
void keep_where(std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
    if (values.empty()) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (keep[i]) values[kept++] = values[i];
    values.resize(kept);
}

void retain(LabelledRows& rows, const std::vector<std::uint8_t>& keep) {
    rows.matrix.retain(keep);
    keep_where(rows.outcomes, keep);
    keep_where(rows.label_end, keep);
}

std::size_t drop_rows_without_features(LabelledRows& rows) {
    std::vector<std::uint8_t> keep(rows.matrix.rows());
    for (std::size_t i = 0; i < keep.size(); ++i) {
        const auto row = rows.matrix.row(i);
        keep[i] = std::any_of(row.begin(), row.end(), [](float value) { return !std::isnan(value); });
    }
    const auto dropped = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), 0));
    if (dropped > 0) retain(rows, keep);
    return dropped;
}

std::vector<std::int64_t> distinct(std::span<const std::int64_t> ascending) {
    std::vector<std::int64_t> values;
    std::unique_copy(ascending.begin(), ascending.end(), std::back_inserter(values));
    return values;
}

}  // namespace

LabelNorm read_label_norm(std::string_view name) {
    if (name == "none") return LabelNorm::none;
    if (name == "zscore") return LabelNorm::zscore;
    if (name == "rank") return LabelNorm::rank;
    throw Error(ErrorKind::invalid_argument,
                "label_norm is \"" + std::string(name) + "\", expected none, zscore or rank");
}

void normalise_labels(LabelNorm norm, std::span<const std::int64_t> ts, std::span<float> labels) {
    if (norm == LabelNorm::none) return;
    for (std::size_t from = 0; from < ts.size();) {
        std::size_t to = from + 1;
        while (to < ts.size() && ts[to] == ts[from]) ++to;
        const auto group = labels.subspan(from, to - from);
        norm == LabelNorm::zscore ? zscore(group) : rank(group);
        from = to;
    }
}

void require_rows(const Dataset& dataset, Span span) {
    const auto& range = dataset.range(span);
    const std::size_t least = span == Span::train ? least_train_rows : least_other_rows;
    if (range.rows() >= least) return;
    std::string detail;
    for (const Span each : {Span::train, Span::valid, Span::test}) {
        const auto& one = dataset.range(each);
        detail += std::string(span_name(each)) + " " + std::to_string(one.rows()) + " rows (" +
                  std::to_string(one.timestamps) + " timestamps, " + std::to_string(one.purged) + " rows purged), ";
    }
    throw Error(ErrorKind::insufficient_data,
                "too little data: " + std::to_string(range.rows()) + " rows in the " + span_name(span) +
                    " span, expected at least " + std::to_string(least),
                "load more bars, ask for a longer span or change the split",
                detail + std::to_string(dataset.without_features) + " rows without any feature");
}

Dataset make_dataset(LabelledRows rows, const SplitOptions& split, LabelNorm norm) {
    std::size_t infinite = 0;
    for (std::size_t i = 0; i < rows.matrix.rows(); ++i) infinite += drop_infinities(rows.matrix.row(i));
    const std::size_t without_features = drop_rows_without_features(rows);
    const std::size_t count = rows.matrix.rows();
    const auto all = rows.matrix.view();
    const TimeSplit times(distinct(all.ts), split);
    std::array<Dataset::Range, span_count> spans;
    std::vector<std::uint8_t> keep(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t ts = all.ts[i];
        const std::int64_t end = split.purge_bars         ? times.ahead(ts, *split.purge_bars)
                                 : rows.label_end.empty() ? ts
                                                          : rows.label_end[i];
        const Span span = times.assign(ts, end);
        keep[i] = span != Span::purged;
        auto& range = spans[static_cast<std::size_t>(times.span_of(ts))];
        keep[i] ? ++range.to : ++range.purged;
    }
    std::size_t from = 0;
    for (const Span span :
         {Span::train, Span::valid, Span::test}) {  // counts become runs of rows: they are ordered by time
        auto& range = spans[static_cast<std::size_t>(span)];
        range.from = from;
        range.to += from;
        range.timestamps = times.timestamps_in(span);
        from = range.to;
    }
    retain(rows, keep);
    normalise_labels(norm, rows.matrix.view().ts, rows.matrix.labels());
    Dataset dataset{std::move(rows.matrix), std::move(rows.outcomes), spans, without_features, infinite};
    constexpr double least_share = 1e-6;
    if (split.train > least_share) require_rows(dataset, Span::train);
    if (split.valid > least_share) require_rows(dataset, Span::valid);
    if (split.test > least_share) require_rows(dataset, Span::test);
    return dataset;
}

}  // namespace bourse::datasets
