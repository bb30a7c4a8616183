#include <gtest/gtest.h>

#include "core/error.hpp"
#include "training/algorithm.hpp"

namespace bourse::training {
namespace {

using nlohmann::json;

const AlgorithmInfo& xgboost() { return find_algorithm("xgboost"); }

TEST(Params, DefaultsOfEveryAlgorithmAreValid) {
    for (const auto& algorithm : algorithms()) {
        const auto read = read_params(algorithm, json::object());
        EXPECT_EQ(read.size(), algorithm.params.size());
        EXPECT_EQ(read_params(algorithm, read), read);
        for (const auto& param : algorithm.params) EXPECT_FALSE(param.description.empty()) << param.name;
    }
}

TEST(Params, AliasesAreReplaced) {
    const auto read = read_params(xgboost(), json{{"learning_rate", 0.3}, {"n_estimators", 20.0}});
    EXPECT_EQ(read.at("eta"), 0.3);
    EXPECT_EQ(read.at("num_boost_round").dump(), "20");
    EXPECT_FALSE(read.contains("learning_rate"));
}

TEST(Params, UnknownKeyNamesTheNearest) {
    try {
        read_params(xgboost(), json{{"max_dept", 3}});
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::unknown_option);
        EXPECT_STREQ(e.what(), "unknown key \"max_dept\" in params of xgboost");
        EXPECT_NE(e.hint().find("did you mean \"max_depth\"?"), std::string::npos) << e.hint();
        EXPECT_NE(e.hint().find("num_boost_round"), std::string::npos);
    }
}

TEST(Params, RefusesWrongTypesAndRanges) {
    for (const char* bad : {R"({"eta": 0})", R"({"eta": 2})", R"({"eta": "0.1"})", R"({"max_depth": 2.5})",
                            R"({"max_depth": -1})", R"({"objective": "reg:linear"})", R"({"objective": "reg"})",
                            R"({"objective": null})", R"({"subsample": true})", R"({"eta": 0.1, "learning_rate": 0.1})",
                            R"({"objective": "rmse mae"})", R"({"max_depth": 1e300})", "[]", "3"}) {
        try {
            read_params(xgboost(), json::parse(bad));
            ADD_FAILURE() << bad;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::invalid_argument) << bad << ": " << e.what();
        }
    }
}

TEST(Params, UnknownAlgorithmListsWhatThereIs) {
    try {
        find_algorithm("xgbost");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::invalid_argument);
        EXPECT_NE(e.hint().find("did you mean \"xgboost\"?"), std::string::npos) << e.hint();
    }
}

}  // namespace
}  // namespace bourse::training
