// Damaged model files: an error or an answer, never a crash, a hang or a huge allocation. Run under ASan by
// `make sanitize`. Time is bounded by the test's own limit in CTest.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/lightgbm_import.hpp"
#include "models/native_file.hpp"
#include "models/xgboost_import.hpp"
#include "models/golden.hpp"

namespace bourse::models {
namespace {

using nlohmann::json;

Artifact artifact_from(std::string_view file, bool lightgbm) {
    return lightgbm ? artifact_from_lightgbm(file) : artifact_from_xgboost(file);
}

// Reads what may be damaged, and if it is accepted predicts with it. True: accepted.
bool survives(std::string_view file, bool lightgbm = false) {
    try {
        const auto model = load_model(write_artifact(artifact_from(file, lightgbm)));
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

std::vector<std::string> tiny_ubj_models() {
    std::vector<std::string> files;
    for (const char* name : {"x17_tiny", "x17_tiny_dart", "x17_gblinear", "x21_tiny", "x3_tiny", "x3_cats_container"})
        if (auto bytes = golden::read(golden::folder() / name / "model.ubj"); !bytes.empty())
            files.push_back(std::move(bytes));
    return files;
}

// How often a seeded loop runs: more with BOURSE_SOAK.
int rounds(int usual) { return std::getenv("BOURSE_SOAK") ? usual * 100 : usual; }

// The first fields of a manifest line, which hold no quotes.
std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; fields.size() < 4; at += fields.back().size() + 1)
        fields.push_back(line.substr(at, line.find(',', at) - at));
    return fields;
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
    for (int i = 0; i < rounds(3000); ++i) {
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

TEST(Damaged, UbjWithFlippedBitsBytesReplacedOrAPartMissing) {
    const auto files = tiny_ubj_models();
    if (files.empty()) GTEST_SKIP() << "no golden files";
    std::mt19937_64 random(4);
    int refused = 0;
    for (int i = rounds(4000); i > 0; --i) {
        std::string bytes = files[random() % files.size()];
        switch (const auto at = random() % bytes.size(); random() % 4) {
            case 0:
                for (auto flips = 1 + random() % 4; flips > 0; --flips)
                    bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
                break;
            case 1:  // markers where none belongs, sizes without bound
                bytes[at] = "{[]}$#SLlIiUdDZTFNCH\0\x7f\x80\xff"[random() % 24];
                break;
            case 2:
                for (auto k = at; k < std::min(bytes.size(), at + 8); ++k) bytes[k] = random() % 2 ? '\xff' : '\0';
                break;
            default:
                bytes.erase(at, 1 + random() % 50);
        }
        refused += !survives(std::string_view(bytes));
    }
    EXPECT_GT(refused, rounds(1000));
    for (const auto& bytes : files)
        for (std::size_t size = 0; size < bytes.size(); size += 7)
            EXPECT_FALSE(survives(std::string_view(bytes).substr(0, size))) << "a truncated file was accepted";
}

TEST(Damaged, UbjWithSizesBeyondItsBytes) {
    using std::string_literals::operator""s;
    for (const std::string& bytes : {"{L\x7f\xff\xff\xff\xff\xff\xff\xff"s, "{i\1a[$d#L\x10\0\0\0\0\0\0\0"s,
                                     "{i\1a[#L\x00\0\0\0\x7f\xff\xff\xff"s, "{i\1a[$Z#l\x7f\xff\xff\xff}"s,
                                     "{i\1a[$[#i\2"s, "{i\1aSi\xff}"s, "{i\1a{$d#i\1"s, "{i\1a"s, "{i\1aN"s, "{N}"s})
        EXPECT_FALSE(survives(std::string_view(bytes)));
    std::string deep;
    while (deep.size() < 1'000'000) deep += "{i\1a"s;
    EXPECT_FALSE(survives(std::string_view(deep)));
    std::string arrays = "{i\1a"s + std::string(1'000'000, '[');
    EXPECT_FALSE(survives(std::string_view(arrays)));
}

TEST(Damaged, LightgbmTextWithFlippedBitsNumbersReplacedOrAPartMissing) {
    std::vector<std::string> texts;
    for (const char* name : {"l4_tiny", "l4_tiny_linear", "l4_single_leaf", "l4_rf"})
        if (auto text = golden::read(golden::folder() / name / "model.txt"); !text.empty())
            texts.push_back(text.substr(0, text.find("\nfeature_importances")));
    if (texts.empty()) GTEST_SKIP() << "no golden files";
    std::mt19937_64 random(5);
    int refused = 0;
    for (int i = rounds(4000); i > 0; --i) {
        std::string text = texts[random() % texts.size()];
        if (const auto at = random() % text.size(); random() % 3 == 0)
            text.erase(at, 1 + random() % 50);
        else
            for (auto flips = 1 + random() % 4; flips > 0; --flips)
                text[random() % text.size()] ^= static_cast<char>(1u << random() % 8);
        refused += !survives(text, true);
    }
    EXPECT_GT(refused, rounds(1000));
    const char* values[] = {"-1", "0", "2147483647", "-2147483648", "4294967296", "1e400", "nan", "1000000"};
    for (int turn = rounds(1); turn > 0; --turn)
        for (std::size_t t = 0; t < 2; ++t)
            for (const auto& [begin, end] : numbers(texts[t]))
                survives(texts[t].substr(0, begin) + values[random() % 8] + texts[t].substr(end), true);
    for (const auto& text : texts)
        for (std::size_t size = 0; size < text.find("end of trees"); size += 31)
            EXPECT_FALSE(survives(text.substr(0, size), true)) << "a truncated file was accepted";
}

// Found by the fuzz targets: an importer let it through and the writer of the artifact refused it.
TEST(Damaged, TextThatIsNotUtf8IsTheFilesFault) {
    const auto file = [](const std::string& attributes, const std::string& names, const std::string& types) {
        return R"({"learner":{"attributes":{)" + attributes + R"(},"feature_names":[)" + names +
               R"(],"feature_types":[)" + types +
               R"(],"gradient_booster":{"model":{"weights":[1,2]},"name":"gblinear"},"learner_model_param":)"
               R"({"base_score":"5E-1","num_class":"0","num_feature":"1","num_target":"1"},)"
               R"("objective":{"name":"reg:squarederror"}},"version":[1,7,6]})";
    };
    const auto refusal = [](const std::string& text) -> std::string {
        try {
            write_artifact(artifact_from_native(text, {}, {}, false, json::object(), json::object()));
        } catch (const Error& e) {
            return (e.kind() == ErrorKind::corrupt_artifact ? "" : "not as corrupt: ") + std::string(e.what());
        }
        return "accepted";
    };
    EXPECT_EQ(refusal(file(R"("best_iteration":"3")", R"("a")", R"("float")")), "accepted");
    EXPECT_EQ(refusal(file("\"best_iteration\":\"\xff\"", "", "")),
              "what is said of the training in the file is not UTF-8");
    EXPECT_EQ(refusal(file("", "\"\xff\"", "")), "the name of feature 1 in the file is not UTF-8");
    EXPECT_EQ(refusal(file("", "", "\"\xff\"")), "a type of a feature in the file is not UTF-8");
    std::string light = golden::read(golden::folder() / "l4_binary/model.txt");
    if (light.empty()) GTEST_SKIP() << "no golden files";
    light.replace(light.find("objective=binary sigm"), 21, "objective=binary sig\xcd");
    EXPECT_EQ(refusal(light), "the objective in the file is not UTF-8");
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
    for (const auto& text : texts) files.push_back(write_artifact(artifact_from_xgboost(text)));
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
        const auto fields = split(line);
        const auto &file = fields[0], &expect = fields[2], &source = fields[3];
        const bool light = file.ends_with(".txt");
        const std::string text = golden::read(golden::folder() / "damaged" / file);
        const bool accepted = survives(text, light);
        if (expect == "refuse") {
            EXPECT_FALSE(accepted) << line;
        } else if (expect == "accept") {
            ASSERT_TRUE(accepted) << line;
            EXPECT_EQ(write_artifact(artifact_from(text, light)),
                      write_artifact(artifact_from(golden::read(golden::folder() / source), light)))
                << line;
        }
        ++files;
    }
    EXPECT_EQ(files, 60);
}

}  // namespace
}  // namespace bourse::models
