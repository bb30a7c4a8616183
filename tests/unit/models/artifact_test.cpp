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
