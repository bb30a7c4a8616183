// ConfigSectionProcessor: what Qlib once did to each family of Alpha158's features.
// Source: Microsoft Qlib, qlib/contrib/data/processor.py at 0.9.7, with the one word that makes it run on the frames of
// Qlib's handlers (droplevel of columns, not of rows). Families are told by how names begin; a name of two of them goes
// through both, as there.
#include <algorithm>

#include "datasets/processors/columns.hpp"

namespace bourse::datasets {
namespace {

struct Transform {
    ColumnStep::Kind kind;
    double a = 0, b = 0;
};

struct Family {
    std::vector<std::string> begins;
    std::vector<Transform> transforms;  // before the features are scaled
};

const std::vector<Family>& families() {
    using Kind = ColumnStep::Kind;
    static const std::vector<Family> all{
        {{"KLEN", "KLOW", "KUP"}, {{Kind::power, 0.25}}},
        {{"KLOW2", "KUP2"}, {{Kind::power, 0.5}}},
        {{"KMID", "KSFT", "OPEN", "HIGH", "LOW",  "CLOSE", "VWAP", "ROC",   "MA",    "BETA",
          "RESI", "QTLU", "QTLD", "RSV",  "SUMP", "SUMN",  "SUMD", "VSUMP", "VSUMN", "VSUMD"},
         {}},
        {{"STD", "VOLUME", "VMA", "VSTD"}, {{Kind::log}}},
        {{"RSQR"}, {{Kind::fill, 0}}},
        {{"MAX", "HIGH0"}, {{Kind::scale, 1, 1}, {Kind::power, 0.5}}},  // x - 1
        {{"MIN", "LOW0"}, {{Kind::scale, 1, -1}, {Kind::power, 0.5}}},  // 1 - x
        {{"CORR", "CORD"}, {{Kind::exp}}},
        {{"WVMA"}, {{Kind::log, 1}}}};
    return all;
}

bool is_of(const Family& family, const std::string& name) {
    const bool by_itself = family.transforms.empty() && (name == "HIGH0" || name == "LOW0");
    return !by_itself && std::ranges::any_of(family.begins, [&](const auto& begin) { return name.starts_with(begin); });
}

class Section {
public:
    Section(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts)
        : processor_(processor), rows_(rows), interrupts_(interrupts) {}

    std::vector<Applied> process() {
        const auto& options = processor_.of_section;
        std::vector<std::size_t> labels{rows_.features.size()};
        for (std::size_t c = 0; c < rows_.features.size(); ++c)
            if (rows_.features[c].starts_with("LABEL") && !rows_.dropped[c]) labels.push_back(c);
        add(CrossStep::Kind::z_score, labels);
        if (options.clip_label) add(clip, labels);
        if (options.fill_label) add(fill, labels);
        for (const auto& family : families()) process(family);
        return std::move(done_);
    }

private:
    void process(const Family& family) {
        std::vector<std::size_t> columns;
        for (std::size_t c = 0; c < rows_.features.size(); ++c)
            if (!rows_.dropped[c] && is_of(family, rows_.features[c])) columns.push_back(c);
        if (columns.empty()) return;
        for (const auto& transform : family.transforms) add(transform, columns);
        add(CrossStep::Kind::median_scale, columns);
        if (processor_.of_section.clip_feature) add(clip, columns);
        if (processor_.of_section.shrink_feature) add(CrossStep::Kind::shrink, columns);
        if (processor_.of_section.fill_feature) add(fill, columns);
    }

    void add(const Transform& transform, const std::vector<std::size_t>& columns) {
        ColumnStep step(transform.kind, rows_.features.size() + 1);
        for (const auto column : columns) step.set(column, transform.a, transform.b);
        add_steps(std::span(&step, 1), rows_, interrupts_);
        done_.push_back({&processor_, {std::move(step)}, {}});
    }

    void add(CrossStep::Kind kind, const std::vector<std::size_t>& columns) {
        CrossStep step{kind, std::vector<std::uint8_t>(rows_.features.size() + 1, CrossStep::left_alone)};
        for (const auto column : columns) step.on[column] = CrossStep::changed;
        apply_waiting(rows_, interrupts_);
        apply_across(step, rows_, interrupts_);
        done_.push_back({&processor_, {}, std::move(step)});
    }

    static constexpr Transform clip{ColumnStep::Kind::clip, -3, 3}, fill{ColumnStep::Kind::fill, 0};

    const Processor& processor_;
    ProcessedRows& rows_;
    const CheckInterrupts& interrupts_;
    std::vector<Applied> done_;
};

}  // namespace

std::vector<Applied> process_section(const Processor& processor, ProcessedRows& rows,
                                     const CheckInterrupts& interrupts) {
    return Section(processor, rows, interrupts).process();
}

}  // namespace bourse::datasets
