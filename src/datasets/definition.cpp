#include "datasets/definition.hpp"

#include "core/error.hpp"

namespace bourse::datasets {

Span read_part(const std::string& name) {
    for (const Span part : {Span::train, Span::valid, Span::test})
        if (name == span_name(part)) return part;
    throw Error(ErrorKind::invalid_argument, "part is \"" + name.substr(0, 60) + "\", expected train, valid or test");
}

std::vector<FoldRange> Definition::ranges_of(int fold) const {
    std::vector<FoldRange> some;
    for (const auto& range : ranges)
        if (range.fold == fold) some.push_back(range);
    if (some.empty())
        throw Error(ErrorKind::invalid_argument, "dataset " + name + " has no fold " + std::to_string(fold) +
                                                     ", it has 1 to " + std::to_string(folds()));
    return some;
}

Definition read_definition(const nlohmann::json& json) {
    Definition definition;
    definition.id = json.at("dataset_id").get<std::int64_t>();
    definition.name = json.at("name").get<std::string>();
    definition.features = json.at("features").get<std::vector<std::string>>();
    definition.expressions = json.at("expressions").get<std::vector<std::string>>();
    definition.freq = json.at("freq").get<std::string>();
    definition.label = json.at("label").get<std::string>();
    definition.universe = json.at("universe").get<std::string>();
    definition.horizon_bars = json.at("horizon_bars").get<int>();
    definition.from_us = json.at("from_us").get<std::int64_t>();
    definition.to_us = json.at("to_us").get<std::int64_t>();
    definition.pinned = json.at("pinned").get<bool>();
    definition.split = read_fold_plan(json.at("split"));
    definition.processors = read_processors(json.at("processors"));
    for (const auto& each : json.at("ranges"))
        definition.ranges.push_back({each.at("fold").get<int>(), read_part(each.at("part").get<std::string>()),
                                     each.at("from_us").get<std::int64_t>(), each.at("to_us").get<std::int64_t>(),
                                     each.at("timestamps").get<std::size_t>()});
    return definition;
}

}  // namespace bourse::datasets
