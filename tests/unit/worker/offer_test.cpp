#include "workers/worker/offer.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

std::string refusal(const std::vector<std::string>& parts) {
    try {
        changed({}, parts);
    } catch (const Error& e) {
        return std::string(e.what()) + "; " + e.hint();
    }
    return "none";
}

TEST(Offer, LosesWhatJobsHold) {
    const Offer offer{4, 16000, 1};
    const auto left = offer.less({{"cpu", 1.5}, {"memory_mb", 6000}}).less({{"gpu", 2}, {"disk", 7}});
    EXPECT_DOUBLE_EQ(left.cpu, 2.5);
    EXPECT_DOUBLE_EQ(left.memory_mb, 10000);
    EXPECT_DOUBLE_EQ(left.gpu, -1);
    EXPECT_DOUBLE_EQ(offer.less(nullptr).cpu, 4);
    EXPECT_EQ(nlohmann::json::parse(offer.text()),
              (nlohmann::json{{"cpu", 4.0}, {"memory_mb", 16000.0}, {"gpu", 1.0}}));
}

TEST(Offer, IsTheHostsUnlessChanged) {
    const auto host = host_offer();
    EXPECT_GE(host.cpu, 1);
    EXPECT_GT(host.memory_mb, 100);
    const auto offer = changed(host, {"cpu=0.5", "gpu=2"});
    EXPECT_DOUBLE_EQ(offer.cpu, 0.5);
    EXPECT_DOUBLE_EQ(offer.gpu, 2);
    EXPECT_DOUBLE_EQ(offer.memory_mb, host.memory_mb);
}

TEST(Offer, RefusesWhatItCannotRead) {
    EXPECT_NE(
        refusal({"memroy_mb=5"})
            .find("unknown resource \"memroy_mb\" in the offer; known: cpu, memory_mb, gpu; did you mean memory_mb?"),
        std::string::npos);
    for (const char* part : {"cpu", "cpu=", "cpu=x", "cpu=1x", "cpu=-1", "cpu=nan", "cpu=1e300"})
        EXPECT_NE(refusal({part}).find("the offer of cpu is"), std::string::npos) << part;
}

}  // namespace
}  // namespace bourse::workers
