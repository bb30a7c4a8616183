// The file format itself: round trip, the bytes of version 1 spelled out, refusals.
#include "models/artifact.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/evaluator.hpp"

namespace bourse::models {
namespace {

// Written by hand from docs/reference/models.md, not by our writer: a linear model y = 1 + 0.5 + 2 a.
// `more`: further members of the header.
std::vector<std::byte> version_1(const std::string& more = "") {
    const std::string header =
        R"({"features":["a"],"kind":"xgboost-linear","objective":"reg:squarederror","outputs":1)" + more + "}";
    std::string file("bourse-model\x01\0\0\0", 16);
    file += std::string{static_cast<char>(header.size()), 0, 0, 0};
    file += std::string("\x03\0\0\0", 4) + header;
    for (const char* name : {"base_margin", "bias", "weights"})
        file += std::string{static_cast<char>(std::string(name).size()), 0} + name +
                std::string("\x01\x01\x01\0\0\0\0\0\0\0", 10);
    for (const char* value : {"\0\0\0\x3f", "\0\0\x80\x3f", "\0\0\0\x40"}) {
        file.resize((file.size() + 7) / 8 * 8);
        file += std::string(value, 4);
    }
    const auto bytes = std::as_bytes(std::span(file));
    return {bytes.begin(), bytes.end()};
}

ErrorKind refusal(std::span<const std::byte> bytes) {
    try {
        load_model(bytes);
    } catch (const Error& e) {
        return e.kind();
    }
    return ErrorKind::internal;  // accepted
}

TEST(Artifact, Version1IsReadForEver) {
    const auto model = load_model(version_1());
    EXPECT_EQ(model->features(), std::vector<std::string>{"a"});
    const float row[] = {3};
    EXPECT_EQ(model->predict(row), 7.5);
}

TEST(Artifact, RoundTrip) {
    Artifact artifact = read_artifact(version_1());
    artifact.params = {{"max_depth", 6}};
    artifact.training = {{"rounds", 12}};
    const auto bytes = write_artifact(artifact);
    const Artifact again = read_artifact(bytes);
    EXPECT_EQ(again.params, artifact.params);
    EXPECT_EQ(again.training, artifact.training);
    EXPECT_EQ(again.get<float>("bias"), std::vector<float>{1});
    EXPECT_EQ(write_artifact(again), bytes) << "writing is deterministic";
    EXPECT_EQ(describe(again)["tensors"]["weights"]["type"], "float32");
}

TEST(Artifact, EveryTruncationIsRefused) {
    const auto bytes = version_1();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(refusal(std::span(bytes).first(size)), ErrorKind::corrupt_artifact) << "cut to " << size;
    auto longer = bytes;
    longer.push_back(std::byte{0});
    EXPECT_EQ(refusal(longer), ErrorKind::corrupt_artifact);
}

// A size field that promises more than there is must not be believed before it is checked.
TEST(Artifact, SizesAreCheckedBeforeTheyAreUsed) {
    const auto bytes = version_1();
    for (std::size_t at = 12; at + 8 <= bytes.size(); ++at)
        for (const unsigned char value : {0xffu, 0x7fu, 0x80u}) {
            auto broken = bytes;
            std::fill_n(broken.begin() + static_cast<std::ptrdiff_t>(at), 8, std::byte{value});
            EXPECT_NE(refusal(broken), ErrorKind::cancelled);  // an answer, whichever: no crash, no huge allocation
        }
    auto big = bytes;
    std::fill_n(big.begin() + 16, 4, std::byte{0xff});
    EXPECT_EQ(refusal(big), ErrorKind::too_large);
}

TEST(Artifact, WhatIsAboveALimitIsRefused) {
    const auto kind_of = [](auto&& change) {
        Artifact artifact = read_artifact(version_1());
        change(artifact);
        try {
            read_artifact(write_artifact(artifact));
        } catch (const Error& e) {
            return e.kind();
        }
        return ErrorKind::internal;  // accepted
    };
    const auto features = [](std::size_t count) {
        return [count](Artifact& a) {
            a.features.clear();
            for (std::size_t i = 0; i < count; ++i) a.features.push_back("f" + std::to_string(i));
        };
    };
    EXPECT_EQ(kind_of(features(max_features)), ErrorKind::internal);
    EXPECT_EQ(kind_of(features(max_features + 1)), ErrorKind::too_large);
    EXPECT_EQ(kind_of([](Artifact& a) { a.outputs = max_outputs + 1; }), ErrorKind::too_large);
    EXPECT_EQ(kind_of([](Artifact& a) { a.outputs = 0; }), ErrorKind::too_large);
    EXPECT_EQ(kind_of([](Artifact& a) { a.features = {"a", "a"}; }), ErrorKind::corrupt_artifact);
    EXPECT_EQ(kind_of([](Artifact& a) {
                  for (std::size_t i = 0; i <= max_tensors; ++i)
                      a.put("t" + std::to_string(i), std::span<const float>());
              }),
              ErrorKind::too_large);
    EXPECT_EQ(kind_of([](Artifact& a) { a.params["long"] = std::string(max_header_bytes, 'x'); }),
              ErrorKind::too_large);
    EXPECT_EQ(kind_of([](Artifact& a) {
                  nlohmann::json deep = nlohmann::json::array();
                  for (int i = 0; i < 20; ++i) deep = nlohmann::json::array({deep});
                  a.params["deep"] = deep;
              }),
              ErrorKind::corrupt_artifact);
    EXPECT_EQ(refusal(version_1(",\"params\":" + std::string(60, '['))), ErrorKind::corrupt_artifact);
}

// Of trees too: children that are their own ancestors, have two parents, or lie outside.
TEST(Artifact, CyclesAreRefused) {
    Artifact forest = read_artifact(version_1());
    forest.kind = "xgboost-forest";
    forest.tensors.clear();
    const auto words = [&](const char* name, std::vector<std::uint32_t> v) {
        forest.put(name, std::span<const std::uint32_t>(v));
    };
    const auto children = [&](std::vector<std::int32_t> left, std::vector<std::int32_t> right) {
        forest.put("node_left", std::span<const std::int32_t>(left));
        forest.put("node_right", std::span<const std::int32_t>(right));
        return refusal(write_artifact(forest));
    };
    const std::vector<float> fives(5, 0.5f), zero{0};
    forest.put("base_margin", std::span<const float>(zero));
    for (const char* name : {"node_value", "node_cover"}) forest.put(name, std::span<const float>(fives));
    forest.put("node_flags", std::span<const std::uint8_t>(std::vector<std::uint8_t>(5)));
    words("tree_nodes", {5});
    words("tree_output", {0});
    words("node_feature", {0, 0, 0, 0, 0});
    for (const char* name : {"category_node", "category_count", "category"}) words(name, {});
    EXPECT_EQ(children({1, -1, 3, -1, -1}, {2, -1, 4, -1, -1}), ErrorKind::internal) << "a tree is accepted";
    EXPECT_EQ(children({0, -1, 3, -1, -1}, {2, -1, 4, -1, -1}), ErrorKind::corrupt_artifact) << "its own child";
    EXPECT_EQ(children({1, -1, 0, -1, -1}, {2, -1, 4, -1, -1}), ErrorKind::corrupt_artifact) << "the root again";
    EXPECT_EQ(children({1, 2, 1, -1, -1}, {2, 3, 4, -1, -1}), ErrorKind::corrupt_artifact) << "two of each other";
    EXPECT_EQ(children({1, 3, 1, -1, -1}, {2, 4, 3, -1, -1}), ErrorKind::corrupt_artifact) << "two parents";
    EXPECT_EQ(children({1, -1, 3, -1, -1}, {2, -1, 5, -1, -1}), ErrorKind::corrupt_artifact) << "outside";
    EXPECT_EQ(children({1, -1, 3, -1, -1}, {2, -1, -1, -1, -1}), ErrorKind::corrupt_artifact) << "one child";
    EXPECT_EQ(children({1, -1, 3, -1, -1}, {2, -1, -2147483647 - 1, -1, -1}), ErrorKind::corrupt_artifact) << "far";
}

TEST(Artifact, UnknownKindsAndVersionsAreNamed) {
    Artifact artifact = read_artifact(version_1());
    artifact.kind = "crystal-ball";
    EXPECT_EQ(refusal(write_artifact(artifact)), ErrorKind::unavailable);
    auto bytes = version_1();
    bytes[12] = std::byte{2};
    EXPECT_EQ(refusal(bytes), ErrorKind::corrupt_artifact);
}

// A later version may ask for more than this one knows; to predict without it would be wrong.
TEST(Artifact, PreprocessingIsNotPassedOver) {
    EXPECT_EQ(refusal(version_1(R"(,"preprocessing":[])")), ErrorKind::internal) << "none is well";
    EXPECT_EQ(refusal(version_1(R"(,"preprocessing":[{"kind":"zscore"}])")), ErrorKind::unavailable);
    EXPECT_EQ(refusal(version_1(R"(,"preprocessing":{"kind":"zscore"})")), ErrorKind::unavailable);
}

TEST(Artifact, WhatCannotBeWrittenIsRefused) {
    Artifact artifact = read_artifact(version_1());
    artifact.features = {"\xff"};
    EXPECT_THROW(write_artifact(artifact), Error) << "a name that is not UTF-8";
    artifact.features = {"a"};
    artifact.tensors["weights"].shape = {2};
    EXPECT_THROW(write_artifact(artifact), Error) << "data that do not fit the shape";
}

}  // namespace
}  // namespace bourse::models
