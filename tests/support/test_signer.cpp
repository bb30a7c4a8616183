// A module for the tests' server: signs artifacts with the key of tests/support/test_signing.key, which nothing but a
// test database trusts.
#include <sodium.h>

#include "pgext/boundary.hpp"
#include "signing/artifact_signature.hpp"

extern "C" {
#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
#pragma GCC visibility pop
}

namespace bourse::pg {
namespace {

struct Pair {
    signing::PublicKey public_key;
    std::array<unsigned char, 64> secret;
};

Pair test_key() {
    constexpr std::string_view text = "bourse: the key of the tests, for nothing else";
    std::array<unsigned char, 32> seed;
    crypto_hash_sha256(seed.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    Pair pair;
    crypto_sign_seed_keypair(pair.public_key.data(), pair.secret.data(), seed.data());
    return pair;
}

Datum bytea_of(std::span<const unsigned char> bytes) {
    return pg_call([=] {
        auto* result = static_cast<bytea*>(palloc(VARHDRSZ + bytes.size()));
        SET_VARSIZE(result, VARHDRSZ + bytes.size());
        std::memcpy(VARDATA(result), bytes.data(), bytes.size());
        return PointerGetDatum(result);
    });
}

Datum test_sign(FunctionCallInfo fcinfo) {
    const Datum name = PG_GETARG_DATUM(0), content = PG_GETARG_DATUM(1);
    const text* model = pg_call([=] { return DatumGetTextPP(name); });
    const bytea* artifact = pg_call([=] { return DatumGetByteaPP(content); });
    const std::span bytes(reinterpret_cast<const std::byte*>(VARDATA_ANY(artifact)), VARSIZE_ANY_EXHDR(artifact));
    return bytea_of(signing::sign({VARDATA_ANY(model), VARSIZE_ANY_EXHDR(model)}, signing::identify(bytes),
                                  test_key().secret));
}

Datum test_public_key(FunctionCallInfo) { return bytea_of(test_key().public_key); }

}  // namespace

BOURSE_PG_FUNCTION(bourse_test_sign, test_sign);
BOURSE_PG_FUNCTION(bourse_test_public_key, test_public_key);

}  // namespace bourse::pg
