// bourse.is_signed: the signature check by itself, for functions in SQL.
#include "pgext/boundary.hpp"
#include "signing/artifact_signature.hpp"

namespace bourse::pg {
namespace {

template <std::size_t Size>
std::array<unsigned char, Size> bytes_argument(FunctionCallInfo fcinfo, int n, const char* what) {
    const Datum datum = PG_GETARG_DATUM(n);
    const bytea* value = pg_call([=] { return DatumGetByteaPP(datum); });
    if (VARSIZE_ANY_EXHDR(value) != Size)
        throw Error(ErrorKind::invalid_argument, std::string(what) + " has " +
                                                     std::to_string(VARSIZE_ANY_EXHDR(value)) + " bytes, expected " +
                                                     std::to_string(Size));
    std::array<unsigned char, Size> bytes;
    std::memcpy(bytes.data(), VARDATA_ANY(value), Size);
    return bytes;
}

Datum is_signed(FunctionCallInfo fcinfo) {
    const Datum name = PG_GETARG_DATUM(0);
    const text* model = pg_call([=] { return DatumGetTextPP(name); });
    const signing::ArtifactIdentity artifact{bytes_argument<32>(fcinfo, 1, "sha256"),
                                             static_cast<std::uint64_t>(PG_GETARG_INT64(2))};
    return BoolGetDatum(signing::is_valid({VARDATA_ANY(model), VARSIZE_ANY_EXHDR(model)}, artifact,
                                          bytes_argument<64>(fcinfo, 3, "signature"),
                                          bytes_argument<32>(fcinfo, 4, "public_key")));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_is_signed, is_signed);

}  // namespace bourse::pg
