#include "datasets/dataset.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace bourse::datasets {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

// 100 timestamps × `names` instruments; feature 0 is the row's number, the label ends `ahead` timestamps later.
LabelledRows make_rows(int names, int ahead) {
    LabelledRows rows{Matrix(2), {}, {}};
    for (int t = 0; t < 100; ++t)
        for (int i = 0; i < names; ++i) {
            const double label = 0.01 * ((t * 7 + i * 3) % 11) - 0.05;
            rows.matrix.append(t, i, static_cast<float>(label));
            rows.matrix.row(rows.matrix.rows() - 1)[0] = static_cast<float>(t * names + i);
            rows.outcomes.push_back(label);
            rows.label_end.push_back(t + ahead);
        }
    return rows;
}

TEST(Dataset, SpansAreRunsOfRowsWithoutThePurged) {
    const auto dataset = make_dataset(make_rows(4, 2), {}, LabelNorm::none);
    const auto train = dataset.view(Span::train), valid = dataset.view(Span::valid), test = dataset.view(Span::test);
    EXPECT_EQ(train.rows(), 58u * 4);
    EXPECT_EQ(valid.rows(), 18u * 4);
    EXPECT_EQ(test.rows(), 20u * 4);
    EXPECT_EQ(dataset.range(Span::train).purged, 8u);
    EXPECT_EQ(dataset.range(Span::test).purged, 0u);
    EXPECT_EQ(train.ts.back(), 57);
    EXPECT_EQ(valid.ts.front(), 60);
    EXPECT_EQ(valid.ts.back(), 77);
    EXPECT_EQ(test.ts.front(), 80);
    for (std::size_t i = 0; i < dataset.matrix.rows(); ++i) {  // nothing was torn apart
        const auto all = dataset.matrix.view();
        const auto number = static_cast<int>(all.values[i * 2]);
        ASSERT_EQ(number, all.ts[i] * 4 + all.instruments[i]);
        ASSERT_DOUBLE_EQ(dataset.outcomes[i], 0.01 * ((all.ts[i] * 7 + all.instruments[i] * 3) % 11) - 0.05);
    }
}

TEST(Dataset, PurgeBarsOverrulesTheLabel) {
    SplitOptions split;
    split.purge_bars = 5;
    EXPECT_EQ(make_dataset(make_rows(4, 2), split, LabelNorm::none).range(Span::train).purged, 20u);
    auto unknown = make_rows(4, 2);
    unknown.label_end.clear();
    EXPECT_EQ(make_dataset(std::move(unknown), {}, LabelNorm::none).range(Span::train).purged, 0u);
}

TEST(Dataset, RowsWithoutFeaturesGo) {
    auto rows = make_rows(4, 0);
    for (std::size_t i = 0; i < 40; ++i) rows.matrix.row(i)[0] = missing;
    rows.matrix.row(50)[1] = std::numeric_limits<float>::infinity();
    const auto dataset = make_dataset(std::move(rows), {}, LabelNorm::none);
    EXPECT_EQ(dataset.without_features, 40u);
    EXPECT_EQ(dataset.infinite_values, 1u);
    EXPECT_EQ(dataset.matrix.rows(), 360u);
    EXPECT_EQ(dataset.range(Span::train).timestamps, 54u);
}

TEST(Dataset, TooFewRowsNameTheCounts) {
    auto rows = make_rows(1, 15);
    for (std::size_t i = 0; i < 30; ++i) rows.matrix.row(i)[0] = missing;
    try {
        make_dataset(std::move(rows), {}, LabelNorm::none);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::insufficient_data);
        EXPECT_STREQ(e.what(), "too little data: 27 rows in the train span, expected at least 50");
        EXPECT_NE(e.detail().find("30 rows without any feature"), std::string::npos) << e.detail();
        EXPECT_NE(e.detail().find("15 rows purged"), std::string::npos) << e.detail();
    }
}

TEST(LabelNorms, ByTimestamp) {
    const std::vector<std::int64_t> ts{1, 1, 1, 2, 3, 3};
    std::vector<float> labels{1, 2, 3, 9, 5, 5};
    normalise_labels(LabelNorm::zscore, ts, labels);
    EXPECT_EQ(labels, (std::vector<float>{-1, 0, 1, 0, 0, 0}));
    labels = {30, 10, 20, 9, 5, 5};
    normalise_labels(LabelNorm::rank, ts, labels);
    EXPECT_EQ(labels, (std::vector<float>{0.5, -0.5, 0, 0, 0, 0}));
    EXPECT_THROW(read_label_norm("z"), Error);
}

}  // namespace
}  // namespace bourse::datasets
