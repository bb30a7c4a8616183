// Damaged model files: an error or an answer, never a crash, a hang or a huge allocation. Run under ASan by
// `make sanitize`. Time is bounded by the test's own limit in CTest.
#include <gtest/gtest.h>

#include <random>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/xgboost_json.hpp"
#include "models/golden.hpp"

namespace bourse::models {
namespace {

// Reads what may be damaged, and if it is accepted predicts with it. True: accepted.
bool survives(std::string_view json) {
    try {
        const auto model = load_model(write_artifact(artifact_from_xgboost_json(json)));
        const std::vector<float> zeros(model->features().size()), nans(model->features().size(), std::nanf(""));
        std::vector<float> margins(model->outputs());
        model->margins(zeros, 1, margins, {});
        model->margins(nans, 1, margins, {});
        return true;
    } catch (const Error&) {
        return false;
    }
}

bool survives(std::span<const std::byte> artifact) {
    try {
        const auto model = load_model(artifact);
        const std::vector<float> ones(model->features().size(), 1.0f);
        std::vector<float> margins(model->outputs());
        model->margins(ones, 1, margins, {});
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::vector<std::string> tiny_models() {
    std::vector<std::string> texts;
    for (const char* name : {"x17_tiny", "x17_tiny_dart", "x17_tiny_softprob", "x17_gblinear", "x17_cat_partition"})
        if (auto text = golden::read(golden::folder() / name / "model.json"); !text.empty())
            texts.push_back(std::move(text));
    return texts;
}

// The numbers of a JSON text, as (begin, end).
std::vector<std::pair<std::size_t, std::size_t>> numbers(const std::string& text) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (std::size_t at = 0; at < text.size();) {
        if (!std::isdigit(static_cast<unsigned char>(text[at])) && text[at] != '-') {
            ++at;
            continue;
        }
        const auto end = text.find_first_not_of("0123456789-+.eE", at);
        found.emplace_back(at, end == std::string::npos ? text.size() : end);
        at = found.back().second;
    }
    return found;
}

TEST(Damaged, JsonWithFlippedBits) {
    const auto texts = tiny_models();
    if (texts.empty()) GTEST_SKIP() << "no golden files";
    std::mt19937_64 random(1);
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string text = texts[random() % texts.size()];
        for (auto flips = 1 + random() % 4; flips > 0; --flips)
            text[random() % text.size()] ^= static_cast<char>(1u << random() % 8);
        refused += !survives(text);
    }
    EXPECT_GT(refused, 1000);
}

TEST(Damaged, JsonCutOrWithAPartMissing) {
    const auto texts = tiny_models();
    if (texts.empty()) GTEST_SKIP() << "no golden files";
    std::mt19937_64 random(2);
    for (int i = 0; i < 1000; ++i) {
        const auto& text = texts[random() % texts.size()];
        EXPECT_FALSE(survives(std::string_view(text).substr(0, random() % (text.size() - 1))))
            << "a truncated file was accepted";
        const auto from = random() % text.size();
        survives(text.substr(0, from) + text.substr(std::min(text.size(), from + 1 + random() % 50)));
    }
}

TEST(Damaged, JsonWithEveryNumberReplaced) {
    const auto texts = tiny_models();
    if (texts.empty()) GTEST_SKIP() << "no golden files";
    int tried = 0;
    for (const auto& text : texts) {
        if (text.size() > 16'000) continue;
        for (const auto& [begin, end] : numbers(text))
            for (const char* value :
                 {"-1", "0", "2147483647", "-2147483649", "99999999999999999999999", "1e400", "NaN", "1000000"}) {
                survives(text.substr(0, begin) + value + text.substr(end));
                ++tried;
            }
    }
    EXPECT_GT(tried, 5000);
}

TEST(Damaged, JsonNestedWithoutEnd) {
    for (const std::string open : {"[", "{\"a\":", "{\"learner\":", "{\"learner\":{\"gradient_booster\":{\"model\":"}) {
        std::string text;
        while (text.size() < 1'000'000) text += open;
        EXPECT_FALSE(survives(text)) << open;
    }
}

TEST(Damaged, ArtifactWithFlippedBitsOrBytesReplaced) {
    const auto texts = tiny_models();
    if (texts.empty()) GTEST_SKIP() << "no golden files";
    std::vector<std::vector<std::byte>> files;
    for (const auto& text : texts) files.push_back(write_artifact(artifact_from_xgboost_json(text)));
    std::mt19937_64 random(3);
    int refused = 0;
    for (int i = 0; i < 5000; ++i) {
        auto bytes = files[random() % files.size()];
        for (auto flips = 1 + random() % 4; flips > 0; --flips)
            bytes[random() % bytes.size()] ^= std::byte(1u << random() % 8);
        refused += !survives(std::span<const std::byte>(bytes));
    }
    for (int i = 0; i < 5000; ++i) {  // whole words, aligned: indices and counts out of range
        auto bytes = files[random() % files.size()];
        const std::uint32_t words[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, static_cast<std::uint32_t>(random())};
        const auto at = random() % (bytes.size() / 4) * 4;
        std::memcpy(bytes.data() + at, &words[random() % 6], 4);
        refused += !survives(std::span<const std::byte>(bytes));
    }
    EXPECT_GT(refused, 2000);
}

// What the damaged collection says about each file: refuse, accept (predicting as its source does), any.
TEST(Damaged, TheCollectionIsTreatedAsItsManifestSays) {
    const auto manifest = golden::read(golden::folder() / "damaged/manifest.csv");
    if (manifest.empty()) GTEST_SKIP() << "no golden files";
    int files = 0;
    for (std::size_t at = manifest.find('\n') + 1; at < manifest.size();) {
        const std::string line = manifest.substr(at, manifest.find('\n', at) - at);
        at += line.size() + 1;
        const std::string file = line.substr(0, line.find(','));
        if (!file.ends_with(".json")) continue;
        const std::string rest = line.substr(file.size() + 1);
        const std::string expect = rest.substr(rest.find(',') + 1);
        const bool accepted = survives(golden::read(golden::folder() / "damaged" / file));
        // Files of 3.1 and later are refused for their base_score, damaged or not.
        const bool later = expect.find("x3_") != std::string::npos;
        if (expect.starts_with("refuse") || later) {
            EXPECT_FALSE(accepted) << line;
        } else if (expect.starts_with("accept")) {
            EXPECT_TRUE(accepted) << line;
        }
        ++files;
    }
    EXPECT_GE(files, 20);
}

}  // namespace
}  // namespace bourse::models
