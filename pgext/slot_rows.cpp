#include "pgext/slot_rows.hpp"

#include <exception>

extern "C" {
#include "tcop/dest.h"
}

namespace bourse::pg {
namespace {

// What the executor calls; `server` comes first, so that one is the other.
struct Receiver {
    DestReceiver server;
    const TakeSlot* take;
    std::exception_ptr* failure;
};

enum class Taken : unsigned char { well, failed, pending };

// No exception leaves: its frames are the executor's.
Taken take_row(const Receiver& receiver, const TupleTableSlot& slot) noexcept {
    try {
        (*receiver.take)(slot.tts_values, slot.tts_isnull);
        return Taken::well;
    } catch (const PendingPgError&) {
        return Taken::pending;
    } catch (...) {
        *receiver.failure = std::current_exception();
        return Taken::failed;
    }
}

// Only trivial locals: the server's errors jump over this frame.
bool receive(TupleTableSlot* slot, DestReceiver* self) {
    slot_getallattrs(slot);
    const Taken taken = take_row(*reinterpret_cast<Receiver*>(self), *slot);
    if (taken == Taken::pending) PG_RE_THROW();  // to the pg_call below: no C++ object is in between
    return taken == Taken::well;
}

}  // namespace

void slot_rows(const std::string& query, const TakeSlot& take, ParamListInfo arguments) {
    std::exception_ptr failure;
    Receiver receiver{};
    receiver.server.receiveSlot = receive;
    receiver.server.rStartup = [](DestReceiver*, int, TupleDesc) {};
    receiver.server.rShutdown = [](DestReceiver*) {};
    receiver.server.rDestroy = [](DestReceiver*) {};
    receiver.server.mydest = DestNone;
    receiver.take = &take;
    receiver.failure = &failure;
    const char* text = query.c_str();
    const int result = pg_call([&] {
        SPIExecuteOptions options{};
        options.read_only = true;
        options.params = arguments;
        options.dest = &receiver.server;
        return SPI_execute_extended(text, &options);
    });
    if (failure) std::rethrow_exception(failure);
    if (result < 0)
        throw Error(ErrorKind::internal, std::string("a query of our own failed: ") + SPI_result_code_string(result));
}

}  // namespace bourse::pg
