#include "workers/task/feature_refresh.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "workers/task/dirty_ranges.hpp"
#include "workers/task/panel_reader.hpp"
#include "workers/task/refresh_part.hpp"

namespace bourse::workers {
namespace {

using namespace factors;
using namespace std::chrono_literals;

constexpr std::int64_t most_helpers = 7;
constexpr auto between_looks = 50ms;

// Plans of a set are made one at a time, over all sessions; given back at the end, or with the session.
class SetLock {
public:
    SetLock(Connection& connection, int feature_set_id, const CheckInterrupts& interrupts)
        : connection_(connection), key_("hashtext('bourse.refresh'), " + std::to_string(feature_set_id)) {
        while (!pqxx::nontransaction(connection_).exec1("SELECT pg_try_advisory_lock(" + key_ + ")")[0].as<bool>()) {
            check(interrupts);
            std::this_thread::sleep_for(between_looks);
        }
    }
    ~SetLock() {
        try {
            pqxx::nontransaction(connection_).exec("SELECT pg_advisory_unlock(" + key_ + ")");
        } catch (const std::exception&) {  // the session is gone, and the lock with it
        }
    }
    SetLock(const SetLock&) = delete;
    SetLock& operator=(const SetLock&) = delete;

private:
    Connection& connection_;
    std::string key_;
};

struct Set {
    int id;
    std::string freq;
    std::vector<std::string> expressions;
};

Set read_set(Connection& connection, int feature_set_id) {
    pqxx::work tx(connection, "feature set");
    const auto rows =
        tx.exec_params("SELECT s.freq, to_json(s.expressions) FROM bourse.feature_set AS s WHERE s.feature_set_id = $1",
                       feature_set_id);
    if (rows.empty())
        throw Error(ErrorKind::unknown_feature_set,
                    "there is no feature set with id " + std::to_string(feature_set_id));
    tx.exec_params("SELECT bourse.materialize_feature_set($1)", feature_set_id);
    tx.commit();
    return {feature_set_id, rows[0][0].c_str(),
            nlohmann::json::parse(rows[0][1].c_str()).get<std::vector<std::string>>()};
}

nlohmann::json known_calendars(pqxx::transaction_base& tx, int feature_set_id) {
    const auto rows = tx.exec_params(
        "SELECT coalesce(state -> 'calendars', '{}') FROM bourse.feature_state WHERE feature_set_id = $1",
        feature_set_id);
    return rows.empty() ? nlohmann::json::object() : nlohmann::json::parse(rows[0][0].c_str());
}

void keep_calendars(pqxx::transaction_base& tx, int feature_set_id, const PanelReader& reader) {
    tx.exec_params(
        "INSERT INTO bourse.feature_state AS t (feature_set_id, refreshed_at, rows, seconds, state) "
        "VALUES ($1, clock_timestamp(), 0, 0, $2::jsonb) ON CONFLICT (feature_set_id) DO UPDATE SET state = t.state || "
        "excluded.state",
        feature_set_id, nlohmann::json{{"calendars", calendar_state(reader.calendars())}}.dump());
}

// What one refresh works with. Instruments, calendars and ranges are read in one snapshot: a range that is in the plan
// has its bars in the calendars.
class Refresh {
public:
    Refresh(Connection& connection, Set set, const RefreshOptions& options)
        : connection_(connection),
          set_(std::move(set)),
          options_(options),
          source_(connection),
          plan_(compile(
              set_.expressions, {}, [&] { return source_.custom_operators(); }, options.interrupts)),
          ranges_(connection, set_.id, dependence(plan_).on_all) {
        if (!reads_only_built_in(plan_)) require_fields(plan_, source_.known_fields(set_.freq));
    }

    RefreshResult run() {
        prepare();
        if (options_.helpers && wanted_helpers_ > 0) options_.helpers(wanted_helpers_);
        RefreshResult result;
        for (bool finished = false; !finished;) {
            check(options_.interrupts);
            auto part = ranges_.take(ranges_a_part_);
            if (!part.spans.empty()) {
                do_part(part, result, finished);
            } else if (ranges_.left() == 0 || options_.is_helper) {
                finish(result), finished = true;
            } else {
                std::this_thread::sleep_for(between_looks);  // others are at the rest
            }
            ranges_.give_back(part);
        }
        return result;
    }

private:
    // Reads in one snapshot; writes after it, for other ranges may be stored, and counted, at the same time.
    void prepare() {
        std::unique_ptr<SetLock> lock;
        if (!options_.is_helper) lock = std::make_unique<SetLock>(connection_, set_.id, options_.interrupts);
        DirtyRanges::Part fresh;
        std::vector<DirtySpan> more;
        {
            pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection_, "look for dirty ranges");
            if (!options_.is_helper) fresh = DirtyRanges::fresh(tx, set_.id);
            if (fresh.spans.empty() && begin(tx).empty()) return;
            reader_ = std::make_unique<PanelReader>(source_, request_for(plan_, set_.freq));
            more = moved_too(*reader_, plan_, fresh.spans, known_calendars(tx, set_.id));
        }
        pqxx::work tx(connection_, "plan a refresh");
        if (!fresh.spans.empty()) {
            DirtyRanges::plan(tx, set_.id, fresh, more);
            keep_calendars(tx, set_.id, *reader_);
        }
        estimate(begin(tx));
        tx.commit();
    }

    std::vector<DirtySpan> begin(pqxx::transaction_base& tx) { return ranges_.begin(tx); }

    // How many ranges make a part, and how many others may help.
    void estimate(const std::vector<DirtySpan>& spans) {
        std::int64_t rows = 0;
        for (const auto& span : spans) {
            const auto at = reader_->find(span.instrument_id);
            if (at < 0) continue;
            const auto& instrument = reader_->instruments()[static_cast<std::size_t>(at)];
            const auto width = std::min(span.to_us, instrument.last_us) - std::max(span.from_us, instrument.first_us);
            rows += std::max<std::int64_t>(width, 0) / reader_->frequency().step_us + 1;
        }
        const auto count = static_cast<std::int64_t>(spans.size());
        const auto values = std::max<std::int64_t>(rows * static_cast<std::int64_t>(set_.expressions.size()), 1);
        ranges_a_part_ = static_cast<std::size_t>(std::max<std::int64_t>(
            1, static_cast<std::int64_t>(static_cast<double>(count) * static_cast<double>(options_.values_a_part) /
                                         static_cast<double>(values))));
        wanted_helpers_ =
            ranges_.together() ? 0 : static_cast<int>(std::min(most_helpers, values / options_.values_a_part));
    }

    void do_part(const DirtyRanges::Part& part, RefreshResult& result, bool& finished) {
        const double done = 1 - static_cast<double>(ranges_.left()) / static_cast<double>(ranges_.total());
        const double share = static_cast<double>(part.spans.size()) / static_cast<double>(ranges_.total());
        const auto progress = [&](double of_part) {
            if (!options_.progress) return;
            const double ratio = done + 0.95 * share * of_part;
            options_.progress(ratio,
                              std::to_string(static_cast<std::int64_t>(ratio * static_cast<double>(ranges_.total()))) +
                                  " of " + std::to_string(ranges_.total()) + " ranges");
        };
        refresh_part(connection_, plan_, *reader_, source_, set_.id, part, options_.values_a_part, result,
                     options_.interrupts, progress, [&](pqxx::transaction_base& tx) {
                         if (options_.is_helper || ranges_.left(tx) > 0) return;
                         index_by_time(tx);
                         if (options_.finish) options_.finish(tx, result);
                         finished = true;
                     });
    }

    void finish(const RefreshResult& result) {
        pqxx::work tx(connection_, "nothing is left to refresh");
        if (!options_.is_helper) index_by_time(tx);
        if (options_.finish) options_.finish(tx, result);
        tx.commit();
    }

    // The first refresh of a set does it at its end.
    void index_by_time(pqxx::transaction_base& tx) { tx.exec_params("SELECT bourse.index_feature_set($1)", set_.id); }

    Connection& connection_;
    Set set_;
    const RefreshOptions& options_;
    DatabaseSource source_;
    Plan plan_;
    DirtyRanges ranges_;
    std::unique_ptr<PanelReader> reader_;
    std::size_t ranges_a_part_ = 1;
    int wanted_helpers_ = 0;
};

}  // namespace

RefreshResult refresh_feature_set(Connection& connection, int feature_set_id, const RefreshOptions& options) {
    return Refresh(connection, read_set(connection, feature_set_id), options).run();
}

}  // namespace bourse::workers
