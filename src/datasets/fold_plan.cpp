// Reading and writing of a split.
#include <charconv>
#include <chrono>

#include "core/error.hpp"
#include "datasets/dates.hpp"
#include "datasets/folds.hpp"
#include "datasets/option_keys.hpp"

namespace bourse::datasets {
namespace {

using nlohmann::json;

constexpr std::pair<const char*, FoldPlan::Kind> kinds[] = {{"holdout", FoldPlan::Kind::holdout},
                                                            {"walk_forward", FoldPlan::Kind::walk_forward},
                                                            {"purged_kfold", FoldPlan::Kind::purged_kfold},
                                                            {"combinatorial", FoldPlan::Kind::combinatorial}};
constexpr const char* parts[] = {"train", "valid", "test"};

const char* kind_name(FoldPlan::Kind kind) {
    for (const auto& [name, value] : kinds)
        if (value == kind) return name;
    return "";
}

bool given(const json& split, const char* key) { return split.contains(key) && !split[key].is_null(); }

std::optional<int> whole(const json& split, const char* key, int lowest, int highest) {
    if (!given(split, key)) return std::nullopt;
    const json& value = split[key];
    if (!value.is_number_integer() || value.get<std::int64_t>() < lowest || value.get<std::int64_t>() > highest)
        throw Error(ErrorKind::invalid_argument, std::string("split: ") + key + " is " + value.dump() +
                                                     ", expected a whole number from " + std::to_string(lowest) +
                                                     " to " + std::to_string(highest));
    return value.get<int>();
}

std::array<FoldPlan::Interval, span_count> read_intervals(const json& split) {
    std::array<FoldPlan::Interval, span_count> at{};
    for (std::size_t i = 0; i < span_count; ++i) {
        if (!given(split, parts[i])) continue;
        const json& value = split[parts[i]];
        if (!value.is_array() || value.size() != 2 || !value[0].is_string() || !value[1].is_string())
            throw Error(ErrorKind::invalid_argument,
                        std::string("split: ") + parts[i] + " is " + value.dump() + ", expected [\"from\", \"to\"]",
                        "name every part by time, or every part by its share; a span is from <= ts < to");
        const std::string what = std::string("split: a time of ") + parts[i];
        at[i] = {read_time(value[0].get<std::string>(), what), read_time(value[1].get<std::string>(), what)};
        if (at[i].first >= at[i].second)
            throw Error(ErrorKind::invalid_argument, std::string("split: ") + parts[i] + " ends before it begins");
    }
    if (at[0].first == at[0].second) throw Error(ErrorKind::invalid_argument, "split: train is not given");
    return at;
}

void read_holdout(const json& split, FoldPlan& plan) {
    bool by_time = false;
    for (const char* part : parts) by_time |= given(split, part) && split[part].is_array();
    if (by_time) {
        plan.at = read_intervals(split);
        return;
    }
    json shares = json::object();
    for (const char* part : parts)
        if (given(split, part)) shares[part] = split[part];
    plan.shares = read_split(shares);
}

std::vector<std::string> keys_of(FoldPlan::Kind kind) {
    std::vector<std::string> keys{"kind", "purge_bars", "embargo_bars", "allow_overlap"};
    const auto add = [&](std::initializer_list<const char*> more) {
        keys.insert(keys.end(), more.begin(), more.end());
    };
    if (kind == FoldPlan::Kind::holdout) add({"train", "valid", "test"});
    if (kind == FoldPlan::Kind::walk_forward) add({"folds", "train_bars", "valid_bars", "test_bars"});
    if (kind == FoldPlan::Kind::purged_kfold) add({"folds"});
    if (kind == FoldPlan::Kind::combinatorial) add({"groups", "test_groups"});
    return keys;
}

FoldPlan::Kind read_kind(const json& split) {
    if (!given(split, "kind")) {
        for (const char* part : parts)
            if (given(split, part)) return FoldPlan::Kind::holdout;
        return FoldPlan::Kind::walk_forward;
    }
    for (const auto& [name, value] : kinds)
        if (split["kind"] == name) return value;
    throw Error(ErrorKind::invalid_argument, "split: kind is " + split["kind"].dump().substr(0, 60) +
                                                 ", expected holdout, walk_forward, purged_kfold or combinatorial");
}

}  // namespace

FoldPlan read_fold_plan(const json& split) {
    if (!split.is_object())
        throw Error(ErrorKind::invalid_argument, std::string("split must be a JSON object, got ") + split.type_name());
    FoldPlan plan;
    plan.kind = read_kind(split);
    check_keys(split, keys_of(plan.kind), std::string("split of kind ") + kind_name(plan.kind));
    if (plan.kind == FoldPlan::Kind::holdout) read_holdout(split, plan);
    const bool many = plan.kind == FoldPlan::Kind::purged_kfold;
    plan.folds = whole(split, "folds", many ? 2 : 1, static_cast<int>(max_folds)).value_or(plan.folds);
    plan.groups = whole(split, "groups", 2, 50).value_or(plan.groups);
    plan.test_groups = whole(split, "test_groups", 1, plan.groups - 1).value_or(std::min(2, plan.groups - 1));
    plan.train_bars = whole(split, "train_bars", 1, 10'000'000);
    plan.valid_bars = whole(split, "valid_bars", 0, 10'000'000);
    plan.test_bars = whole(split, "test_bars", 1, 10'000'000);
    plan.purge_bars = whole(split, "purge_bars", 0, 100'000);
    plan.embargo_bars = whole(split, "embargo_bars", 0, 100'000);
    if (given(split, "allow_overlap")) {
        if (!split["allow_overlap"].is_boolean())
            throw Error(ErrorKind::invalid_argument,
                        "split: allow_overlap is " + split["allow_overlap"].dump() + ", expected true or false");
        plan.allow_overlap = split["allow_overlap"].get<bool>();
    }
    return plan;
}

json to_json(const FoldPlan& plan) {
    json split{{"kind", kind_name(plan.kind)}, {"allow_overlap", plan.allow_overlap}};
    const auto put = [&](const char* key, const std::optional<int>& value) {
        split[key] = value ? json(*value) : json();
    };
    put("purge_bars", plan.purge_bars);
    put("embargo_bars", plan.embargo_bars);
    switch (plan.kind) {
        case FoldPlan::Kind::holdout:
            for (std::size_t i = 0; i < span_count; ++i) {
                const double shares[] = {plan.shares.train, plan.shares.valid, plan.shares.test};
                if (!plan.at)
                    split[parts[i]] = shares[i];
                else if ((*plan.at)[i].first < (*plan.at)[i].second)
                    split[parts[i]] = {date_text((*plan.at)[i].first), date_text((*plan.at)[i].second)};
            }
            break;
        case FoldPlan::Kind::walk_forward:
            split["folds"] = plan.folds;
            put("train_bars", plan.train_bars);
            put("valid_bars", plan.valid_bars);
            put("test_bars", plan.test_bars);
            break;
        case FoldPlan::Kind::purged_kfold:
            split["folds"] = plan.folds;
            break;
        case FoldPlan::Kind::combinatorial:
            split["groups"] = plan.groups;
            split["test_groups"] = plan.test_groups;
    }
    return split;
}

}  // namespace bourse::datasets
