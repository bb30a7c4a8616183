// Signatures against an implementation of RFC 8032 of its own (Python, written from the RFC's formulas), key files, and
// the signer as a child meets it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.hpp"
#include "models/artifact.hpp"
#include "workers/common/sha256.hpp"
#include "workers/common/sign_socket.hpp"
#include "workers/common/signing_key.hpp"
#include "workers/worker/signer.hpp"

namespace bourse::workers {
namespace {

using signing::ArtifactIdentity;

class Signing : public ::testing::Test {
protected:
    Signing() {
        char pattern[] = "/tmp/bourse-signing-XXXXXX";
        folder_ = mkdtemp(pattern);
    }
    ~Signing() override {
        for (const auto* name : {"test.key", "new.key", "other.key"}) unlink((folder_ + "/" + name).c_str());
        rmdir(folder_.c_str());
    }
    std::string path(const std::string& name) const { return folder_ + "/" + name; }

    // As it is in tests/support, but with a mode that is accepted.
    std::string test_key() const {
        std::ifstream in(BOURSE_TEST_KEY);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        put("test.key", text);
        return path("test.key");
    }
    void put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        std::ofstream(path(name), std::ios::binary) << text;
        ASSERT_EQ(chmod(path(name).c_str(), mode), 0);
    }
    std::string content(const std::string& name) const {
        std::ifstream in(path(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::string folder_;
};

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

ErrorKind kind_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Error& e) {
        return e.kind();
    }
    return ErrorKind::internal;
}

// y = bias + weight * a
std::vector<std::byte> linear_artifact() {
    models::Artifact artifact;
    artifact.kind = "xgboost-linear";
    artifact.features = {"a"};
    artifact.objective = "reg:squarederror";
    const float zero[] = {0.0f}, one[] = {1.0f};
    artifact.put<float>("base_margin", zero);
    artifact.put<float>("bias", one);
    artifact.put<float>("weights", one, {1, 1});
    return models::write_artifact(artifact);
}

TEST_F(Signing, EqualsAnotherImplementation) {
    const auto key = SigningKey::read(test_key());
    const auto identity = signing::identify(bytes_of("abc"));
    EXPECT_EQ(to_hex(identity.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(signing::statement("momentum", identity).size(), 28u + 32 + 8 + 8);
    const auto signature = key.sign("momentum", identity);
    EXPECT_EQ(to_hex(signature),
              "1221cd48114f1eb34ab7e7a85e10935a2b5bcfecf6d7100c45275b17a6cae502cf6530cd447b948e8fd7bdeec3b6dff52d21eb89"
              "2b5e7cc3ad8d1eab1efc2b03");
    EXPECT_TRUE(signing::is_valid("momentum", identity, signature, key.public_key()));
}

TEST_F(Signing, HoldsForNothingElse) {
    const auto key = SigningKey::read(test_key());
    const auto artifact = linear_artifact();
    const auto identity = signing::identify(artifact);
    const auto signature = key.sign("m", identity);
    ASSERT_TRUE(signing::is_valid("m", identity, signature, key.public_key()));
    for (std::size_t i = 0; i < artifact.size(); ++i) {  // every byte of the header, the tensors and the gaps
        auto changed = artifact;
        changed[i] ^= std::byte{1};
        EXPECT_FALSE(signing::is_valid("m", signing::identify(changed), signature, key.public_key())) << i;
    }
    EXPECT_FALSE(signing::is_valid("m2", identity, signature, key.public_key()));
    EXPECT_FALSE(signing::is_valid("", identity, signature, key.public_key()));
    EXPECT_FALSE(signing::is_valid("m", {identity.sha256, identity.size_bytes + 1}, signature, key.public_key()));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto changed = signature;
        changed[i] ^= 1;
        EXPECT_FALSE(signing::is_valid("m", identity, changed, key.public_key())) << i;
    }
    EXPECT_FALSE(signing::is_valid("m", identity, signature, SigningKey::make("x").public_key()));
    EXPECT_FALSE(signing::is_valid("m", identity, {}, {})) << "all zero is a key of small order";
}

TEST_F(Signing, KeyFilesAreReadBackAndNeverOverwritten) {
    const auto key = SigningKey::make("mine");
    key.write(path("new.key"));
    struct stat about {};
    ASSERT_EQ(stat(path("new.key").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
    const auto again = SigningKey::read(path("new.key"));
    EXPECT_EQ(again.name(), "mine");
    EXPECT_EQ(again.public_key(), key.public_key());
    EXPECT_EQ(again.sign("m", {}), key.sign("m", {}));
    const auto before = content("new.key");
    EXPECT_EQ(kind_of([&] { key.write(path("new.key")); }), ErrorKind::invalid_argument);
    EXPECT_EQ(content("new.key"), before);
    EXPECT_EQ(kind_of([] { SigningKey::make("no blanks"); }), ErrorKind::invalid_argument);
}

TEST_F(Signing, DamagedKeyFilesAreRefusedWithoutTellingTheirContent) {
    test_key();
    const auto good = content("test.key");
    const auto secret = good.substr(good.find("secret ") + 7, 64);
    const auto refused = [&](const std::string& text, mode_t mode = 0600) {
        put("other.key", text, mode);
        try {
            SigningKey::read(path("other.key"));
        } catch (const Error& e) {
            EXPECT_EQ(std::string(e.what()).find(secret.substr(0, 8)), std::string::npos);
            return e.kind() == ErrorKind::invalid_argument;
        }
        return false;
    };
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_TRUE(refused(good.substr(0, size))) << size;
    EXPECT_TRUE(refused(good + "x"));
    EXPECT_TRUE(refused(std::string(5000, 'x')));
    for (auto at = good.find("public "); at < good.size(); ++at) {
        auto text = good;
        text[at] = text[at] == '1' ? '2' : '1';
        EXPECT_TRUE(refused(text)) << at;
    }
    for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0610u}) EXPECT_TRUE(refused(good, mode)) << mode;
    EXPECT_FALSE(refused(good, 0400));
}

// A child's side of the socket.
nlohmann::json ask(Signer& signer, const nlohmann::json& request, int file) {
    const int socket = signer.open();
    send_packet(socket, request, file);
    if (file >= 0) close(file);
    const auto packet = receive_packet(socket);
    close(socket);
    return packet.closed ? nlohmann::json() : nlohmann::json::parse(packet.text);
}

TEST_F(Signing, SignerSignsWhatItsReaderAccepts) {
    Signer signer(SigningKey::read(test_key()));
    const auto artifact = linear_artifact();
    const auto reply = ask(signer, {{"model", "m"}}, sealed_file(artifact));
    signing::Signature signature{};
    from_hex(reply.at("signature").get<std::string>(), signature);
    EXPECT_TRUE(signing::is_valid("m", signing::identify(artifact), signature, signer.key().public_key()));
    EXPECT_EQ(reply.at("public_key"), to_hex(signer.key().public_key()));
}

TEST_F(Signing, SignerRefusesEverythingElseAndGoesOn) {
    Signer signer(SigningKey::read(test_key()));
    const auto artifact = linear_artifact();
    auto cut = artifact;
    cut.pop_back();
    EXPECT_EQ(ask(signer, {{"model", "m"}}, sealed_file(cut)).at("sqlstate"), "MB011");
    EXPECT_EQ(ask(signer, {{"model", "m"}}, sealed_file({})).at("sqlstate"), "MB011");
    EXPECT_EQ(ask(signer, {{"model", "m"}}, -1).at("sqlstate"), "MB011");
    EXPECT_EQ(ask(signer, {{"modl", "m"}}, sealed_file(artifact)).at("sqlstate"), "XX000");
    EXPECT_EQ(ask(signer, "text", sealed_file(artifact)).at("sqlstate"), "XX000");
    // Not sealed: it could be changed after it was looked at.
    const int open_file = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ASSERT_EQ(write(open_file, artifact.data(), artifact.size()), static_cast<ssize_t>(artifact.size()));
    EXPECT_EQ(ask(signer, {{"model", "m"}}, open_file).at("sqlstate"), "MB011");
    // Larger than a model may be; sparse, so it costs nothing.
    const int huge = memfd_create("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ASSERT_EQ(ftruncate(huge, static_cast<off_t>(models::max_artifact_bytes) + 1), 0);
    ASSERT_EQ(fcntl(huge, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
    EXPECT_EQ(ask(signer, {{"model", "m"}}, huge).at("sqlstate"), "MB013");
    close(signer.open());  // one that goes without asking
    EXPECT_TRUE(ask(signer, {{"model", "m"}}, sealed_file(artifact)).contains("signature"));
}

}  // namespace
}  // namespace bourse::workers
