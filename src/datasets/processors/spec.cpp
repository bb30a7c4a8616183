// Which processors there are and how they are written.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "datasets/dates.hpp"
#include "datasets/option_keys.hpp"
#include "datasets/processors.hpp"

namespace bourse::datasets {
namespace {

using nlohmann::json;
using Kind = Processor::Kind;

struct Known {
    const char* name;
    Kind kind;
    Group group;  // unless said
    std::vector<std::string> keys;
};

// Qlib's names of a section's options, and what they set.
bool* section_option(Processor& processor, const std::string& key) {
    auto& of = processor.of_section;
    const std::pair<const char*, bool*> all[] = {{"fillna_feature", &of.fill_feature},
                                                 {"fillna_label", &of.fill_label},
                                                 {"clip_feature_outlier", &of.clip_feature},
                                                 {"clip_label_outlier", &of.clip_label},
                                                 {"shrink_feature_outlier", &of.shrink_feature}};
    for (const auto& [name, option] : all)
        if (key == name) return option;
    return nullptr;
}

std::vector<std::string> section_keys() {
    return {"fillna_feature", "fillna_label", "clip_feature_outlier", "clip_label_outlier", "shrink_feature_outlier"};
}

const std::vector<Known>& known_processors() {
    static const std::vector<Known> all{
        {"DropnaProcessor", Kind::drop_missing, Group::all, {"fields_group"}},
        {"DropnaLabel", Kind::drop_missing, Group::label, {"fields_group"}},
        {"DropCol", Kind::drop_columns, Group::feature, {"col_list"}},
        {"FilterCol", Kind::keep_columns, Group::feature, {"fields_group", "col_list"}},
        {"TanhProcess", Kind::tanh, Group::feature, {}},
        {"ProcessInf", Kind::infinities, Group::all, {}},
        {"Fillna", Kind::fill, Group::all, {"fields_group", "fill_value"}},
        {"MinMaxNorm", Kind::min_max, Group::all, {"fields_group"}},
        {"ZScoreNorm", Kind::z_score, Group::all, {"fields_group"}},
        {"RobustZScoreNorm", Kind::robust_z_score, Group::all, {"fields_group", "clip_outlier"}},
        {"Winsorize", Kind::winsorise, Group::feature, {"fields_group", "lower", "upper"}},
        {"CSZScoreNorm", Kind::cs_z_score, Group::all, {"fields_group", "method"}},
        {"CSRankNorm", Kind::cs_rank, Group::all, {"fields_group"}},
        {"CSZFillna", Kind::cs_fill, Group::all, {"fields_group"}},
        {"Neutralize", Kind::neutralise, Group::feature, {"fields_group", "exposures"}},
        {"ConfigSectionProcessor", Kind::section, Group::all, section_keys()},
        {"TimeRangeFlt", Kind::time_range, Group::all, {"start_time", "end_time", "allow_lookahead"}},
        {"HashStockFormat", Kind::nothing, Group::all, {}},
    };
    return all;
}

const Known& find_known(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& known : known_processors()) {
        if (name == known.name) return known;
        names.emplace_back(known.name);
    }
    const std::string near = nearest(name, names);
    std::string hint = near.empty() ? "" : "did you mean \"" + near + "\"? ";
    hint += "processors:";
    for (const auto& one : names) hint += " " + one;
    throw Error(ErrorKind::unknown_option, "unknown processor \"" + name.substr(0, 100) + "\"", hint);
}

[[noreturn]] void refuse(const std::string& name, const std::string& key, const json& value, const char* expected) {
    throw Error(ErrorKind::invalid_argument,
                "processors: " + key + " of " + name + " is " + value.dump().substr(0, 100) + ", expected " + expected);
}

const char* group_name(Group group) {
    return group == Group::feature ? "feature" : group == Group::label ? "label" : nullptr;
}

Group read_group(const std::string& name, const json& value) {
    if (value.is_null()) return Group::all;
    if (value == "feature") return Group::feature;
    if (value == "label") return Group::label;
    refuse(name, "fields_group", value, "\"feature\", \"label\" or null");
}

double read_number(const std::string& name, const std::string& key, const json& value, double lowest, double highest) {
    if (!value.is_number() || !(value.get<double>() >= lowest && value.get<double>() <= highest))
        refuse(name, key, value, lowest == 0 ? "a number from 0 to 1" : "a finite number");
    return value.get<double>();
}

std::vector<std::string> read_columns(const std::string& name, const std::string& key, const json& value) {
    if (!value.is_array() || value.empty() ||
        !std::all_of(value.begin(), value.end(), [](const json& each) { return each.is_string(); }))
        refuse(name, key, value, "an array of column names");
    return value.get<std::vector<std::string>>();
}

// What it keeps depends on which instruments live on: nobody gets that without asking.
void read_time_range(const json& one, Processor& processor) {
    const auto time = [&](const char* key, std::optional<std::int64_t>& to) {
        if (!one.contains(key) || one[key].is_null()) return;
        if (!one[key].is_string()) refuse(processor.name, key, one[key], "a time or null");
        to = read_time(one[key].get<std::string>(), std::string("processors: ") + key + " of " + processor.name);
    };
    time("start_time", processor.start_us);
    time("end_time", processor.end_us);
    if (processor.end_us && one.value("allow_lookahead", json()) != true)
        throw Error(ErrorKind::invalid_argument,
                    "processors: TimeRangeFlt would keep instruments because they have bars on " +
                        date_text(*processor.end_us) + " still, which nobody knew before",
                    "write \"allow_lookahead\": true where that is meant, or name the instruments and their spans in a "
                    "universe");
}

// {"name": …, …} of any of the three forms.
json flat(const json& element) {
    if (element.is_string()) return {{"name", element}};
    if (!element.is_object())
        throw Error(ErrorKind::invalid_argument,
                    "processors: " + element.dump().substr(0, 100) + " is neither a name nor an object");
    if (!element.contains("class")) {
        if (element.contains("name") && element["name"].is_string()) return element;
        throw Error(ErrorKind::invalid_argument, "processors: " + element.dump().substr(0, 100) + " has no name",
                    "write \"CSRankNorm\" or {\"name\": \"CSRankNorm\", \"fields_group\": \"label\"}");
    }
    static const std::vector<std::string> keys{"class", "kwargs", "module_path"};
    check_keys(element, keys, "processors");
    json one = element.value("kwargs", json::object());
    if (!one.is_object() || !element["class"].is_string())
        throw Error(ErrorKind::invalid_argument, "processors: class is a name and kwargs an object");
    one["name"] = element["class"];
    return one;
}

Processor read_one(const json& element) {
    const json one = flat(element);
    const std::string name = one.at("name").get<std::string>();
    const Known& known = find_known(name);
    std::vector<std::string> keys = known.keys;
    keys.emplace_back("name");
    if (one.contains("fit_start_time") || one.contains("fit_end_time"))
        throw Error(ErrorKind::unknown_option, "processors: " + name + " has no fit range of its own",
                    "it learns from the train span of the fold, and from nothing else");
    check_keys(one, keys, name);
    Processor processor;
    processor.kind = known.kind;
    processor.name = name;
    processor.group = one.contains("fields_group") ? read_group(name, one["fields_group"]) : known.group;
    if (one.contains("clip_outlier")) {
        if (!one["clip_outlier"].is_boolean()) refuse(name, "clip_outlier", one["clip_outlier"], "true or false");
        processor.clip_outlier = one["clip_outlier"].get<bool>();
    }
    if (one.contains("fill_value"))
        processor.fill_value = read_number(name, "fill_value", one["fill_value"], -1e300, 1e300);
    if (one.contains("lower")) processor.lower = read_number(name, "lower", one["lower"], 0, 1);
    if (one.contains("upper")) processor.upper = read_number(name, "upper", one["upper"], 0, 1);
    if (processor.lower >= processor.upper) refuse(name, "lower", one["lower"], "less than upper");
    if (one.contains("method")) {
        if (one["method"] != "zscore" && one["method"] != "robust")
            refuse(name, "method", one["method"], "\"zscore\" or \"robust\"");
        processor.robust = one["method"] == "robust";
    }
    if (known.kind == Kind::time_range) read_time_range(one, processor);
    for (const auto& key : section_keys()) {
        if (known.kind != Kind::section || !one.contains(key)) continue;
        if (!one[key].is_boolean()) refuse(name, key, one[key], "true or false");
        *section_option(processor, key) = one[key].get<bool>();
    }
    for (const char* key : {"col_list", "exposures"})
        if (one.contains(key)) processor.columns = read_columns(name, key, one[key]);
    const bool needs_columns =
        known.kind == Kind::drop_columns || known.kind == Kind::keep_columns || known.kind == Kind::neutralise;
    if (needs_columns && processor.columns.empty())
        throw Error(ErrorKind::invalid_argument, "processors: " + name + " needs " +
                                                     (known.kind == Kind::neutralise ? "exposures" : "col_list") +
                                                     ", an array of column names");
    return processor;
}

std::vector<Processor> read_list(const json& list, const char* what) {
    if (!list.is_array() || list.size() > 50)
        throw Error(ErrorKind::invalid_argument, std::string("processors: ") + what + " is " +
                                                     list.dump().substr(0, 100) + ", expected an array of at most 50");
    std::vector<Processor> all;
    for (const auto& element : list) all.push_back(read_one(element));
    return all;
}

// As read_time() reads it.
std::string time_text(std::int64_t us) {
    std::string text = date_text(us);
    if (text.size() > 10) text[10] = 'T', text += 'Z';
    return text;
}

json to_json(Processor processor) {
    const auto& keys = find_known(processor.name).keys;
    json one{{"name", processor.name}};
    for (const auto& key : keys) {
        if (key == "fields_group")
            one[key] = processor.group == Group::all ? json() : json(group_name(processor.group));
        else if (key == "start_time")
            one[key] = processor.start_us ? json(time_text(*processor.start_us)) : json();
        else if (key == "end_time")
            one[key] = processor.end_us ? json(time_text(*processor.end_us)) : json();
        else if (key == "allow_lookahead")
            one[key] = processor.end_us.has_value();
        else if (bool* option = section_option(processor, key))
            one[key] = *option;
        else if (key == "clip_outlier")
            one[key] = processor.clip_outlier;
        else if (key == "fill_value")
            one[key] = processor.fill_value;
        else if (key == "lower")
            one[key] = processor.lower;
        else if (key == "upper")
            one[key] = processor.upper;
        else if (key == "method")
            one[key] = processor.robust ? "robust" : "zscore";
        else
            one[key] = processor.columns;
    }
    return one;
}

}  // namespace

bool Processor::fitted() const noexcept {
    return kind == Kind::min_max || kind == Kind::z_score || kind == Kind::robust_z_score || kind == Kind::winsorise;
}

bool Processor::by_timestamp() const noexcept {
    return kind == Kind::infinities || kind == Kind::cs_z_score || kind == Kind::cs_rank || kind == Kind::cs_fill ||
           kind == Kind::neutralise || kind == Kind::section;
}

bool Processor::touches_features() const noexcept {
    return kind != Kind::drop_missing && kind != Kind::nothing && group != Group::label;
}

bool Processor::touches_label() const noexcept {
    return kind != Kind::drop_missing && kind != Kind::nothing && group != Group::feature;
}

ProcessorLists read_processors(const json& processors) {
    ProcessorLists lists;
    if (processors.is_array()) {
        for (auto& one : read_list(processors, "it"))
            (one.kind == Kind::drop_missing || one.group == Group::label ? lists.learn : lists.infer).push_back(one);
        return lists;
    }
    static const std::vector<std::string> keys{"infer", "learn"};
    check_keys(processors, keys, "processors");
    if (processors.contains("infer")) lists.infer = read_list(processors["infer"], "infer");
    if (processors.contains("learn")) lists.learn = read_list(processors["learn"], "learn");
    for (const auto& one : lists.infer)
        if (one.kind == Kind::drop_missing)
            throw Error(ErrorKind::invalid_argument, "processors: " + one.name + " drops rows that must be predicted",
                        "it belongs into learn");
    for (const auto& one : lists.learn)
        if (one.kind == Kind::time_range)
            throw Error(ErrorKind::invalid_argument, "processors: TimeRangeFlt leaves instruments out of every part",
                        "it belongs into infer");
        else if (one.touches_features())
            throw Error(ErrorKind::invalid_argument,
                        "processors: " + one.name + " in learn would change features that a prediction sees unchanged",
                        "put it into infer, or give it \"fields_group\": \"label\"");
    return lists;
}

json to_json(const ProcessorLists& lists) {
    json all{{"infer", json::array()}, {"learn", json::array()}};
    for (const auto& one : lists.infer) all["infer"].push_back(to_json(one));
    for (const auto& one : lists.learn) all["learn"].push_back(to_json(one));
    return all;
}

void require_columns(const ProcessorLists& lists, std::span<const std::string> features) {
    for (const auto* list : {&lists.infer, &lists.learn})
        for (const auto& one : *list)
            for (const auto& column : one.columns) {
                if (std::find(features.begin(), features.end(), column) != features.end()) continue;
                const auto near = nearest(column, features);
                throw Error(ErrorKind::unknown_feature,
                            "processors: " + one.name + " names \"" + column.substr(0, 100) + "\", which is no feature",
                            near.empty() ? "" : "did you mean \"" + near + "\"?");
            }
}

}  // namespace bourse::datasets
