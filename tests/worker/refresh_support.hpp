// Stored features on a real server: a market to change, and the rows of a computation from scratch to compare with.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/task/feature_refresh.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {

using Key = std::pair<std::int32_t, std::int64_t>;
using Rows = std::map<Key, std::vector<std::byte>>;  // available_at, then the vector's bytes

inline std::string database() {
    const char* conninfo = std::getenv("BOURSE_DB");
    return conninfo ? conninfo : "";
}

inline std::vector<std::byte> row_bytes(std::int64_t available_us, std::span<const std::byte> values) {
    std::vector<std::byte> bytes(sizeof available_us + values.size());
    std::memcpy(bytes.data(), &available_us, sizeof available_us);
    if (!values.empty()) std::memcpy(bytes.data() + sizeof available_us, values.data(), values.size());
    return bytes;
}

inline Rows stored(Connection& connection, int set) {
    Rows rows;
    CopyReader reader(
        connection,
        "COPY (SELECT instrument_id, ts, available_at, features FROM bourse.feature_value WHERE feature_set_id = " +
            std::to_string(set) + ") TO STDOUT (FORMAT binary)");
    while (reader.next()) {
        Key key;
        std::int64_t available = 0;
        std::span<const std::byte> values;
        reader.int4(key.first);
        reader.timestamptz(key.second);
        reader.timestamptz(available);
        reader.bytes(values);
        rows[key] = row_bytes(available, values.subspan(4));
    }
    return rows;
}

// All instruments from their first bar, nothing carried over.
inline Rows from_scratch(Connection& connection, int set) {
    std::vector<std::string> expressions;
    std::string freq;
    {
        pqxx::nontransaction tx(connection);
        for (const auto& row : tx.exec_params(
                 "SELECT unnest(expressions), freq FROM bourse.feature_set WHERE feature_set_id = $1", set)) {
            expressions.emplace_back(row[0].c_str());
            freq = row[1].c_str();
        }
    }
    DatabaseSource source(connection);
    const auto plan = factors::compile(expressions, {}, [&] { return source.custom_operators(); });
    factors::PanelReader reader(source, factors::request_for(plan, freq));
    Rows rows;
    const auto panel = reader.read(reader.want_all());
    const auto matrix = factors::evaluate(plan, panel);
    for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
        const auto& series = panel.series[matrix.rows[r].series];
        const auto row = matrix.rows[r].row;
        rows[{series.instrument_id, series.ts_us[row]}] =
            row_bytes(series.available_us[row],
                      std::as_bytes(std::span(matrix.values).subspan(r * matrix.columns, matrix.columns)));
    }
    return rows;
}

inline void expect_equal(Connection& connection, int set, const std::string& where) {
    const auto have = stored(connection, set), want = from_scratch(connection, set);
    ASSERT_FALSE(want.empty()) << where;
    std::size_t wrong = 0;
    for (const auto& [key, bytes] : want) {
        const auto found = have.find(key);
        if ((found == have.end() || found->second != bytes) && wrong++ == 0)
            ADD_FAILURE() << where << ": instrument " << key.first << " day " << key.second / 86'400'000'000
                          << (found == have.end() ? " is not stored" : " differs");
    }
    for (const auto& [key, bytes] : have)
        if (!want.contains(key) && wrong++ == 0)
            ADD_FAILURE() << where << ": instrument " << key.first << " day " << key.second / 86'400'000'000
                          << " should not be stored";
    ASSERT_EQ(wrong, 0u) << where << ", " << want.size() << " rows";
}

class Refresh : public ::testing::Test {
protected:
    void SetUp() override {
        if (database().empty()) GTEST_SKIP() << "BOURSE_DB is not set";
        connection_ = std::make_unique<Connection>(database());
        pqxx::nontransaction tx(*connection_);
        tx.exec(
            "TRUNCATE bourse.bar, bourse.bar_history, bourse.feature_dirty, bourse.feature_value, "
            "bourse.feature_state, bourse.feature_checkpoint, bourse.calendar, bourse.bar_field");
        // Operators with a bounded window, apart from basic, whose indicators read everything.
        windowed_ = tx.exec1(
                          "SELECT bourse.create_feature_set('windowed', ARRAY['Std($close/Ref($close,1)-1,7)', "
                          "'Rank($close,9)', 'Slope($close,5)', "
                          "'Corr($close,Log($volume+1),6)', 'Mean($close>Ref($close,1),8)', 'Max(Mean($high,3),4)', "
                          "'$vwap/$close'], materialize => true)")[0]
                        .as<int>();
        // What hangs on other instruments, on cross-sections and on weeks.
        tx.exec(
            "CREATE OR REPLACE FUNCTION public.sums(x float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE BEGIN ATOMIC "
            "SELECT array_agg(s ORDER BY n) FROM (SELECT sum(v) OVER (ORDER BY n) AS s, n FROM unnest(x) WITH "
            "ORDINALITY "
            "AS u(v, n)) AS t; END; SELECT bourse.register_operator('Sums', 'public.sums(float8[])')");
        elsewhere_ = tx.exec1(
                           "SELECT bourse.create_feature_set('elsewhere', ARRAY['Mask($close,''BBB'')/$close', "
                           "'CSRank(Mean($close,3))', 'Mean(CSDemean($volume),4)', 'Mean($close@1w,3)@1w', "
                           "'$high@1w-$low@1w', 'TResample($volume,''1w'',''sum'')', "
                           "'Corr($close,ChangeInstrument(''SH600000'',$close),6)', 'CSMean($close@1w)', "
                           "'Sums($volume)', 'Ref(CSZScore($close),2)', 'CSRank(Mask($close,''BBB'')-$close)'], "
                           "materialize => true)")[0]
                         .as<int>();
        basic_ = tx.exec1("SELECT feature_set_id FROM bourse.feature_set WHERE name = 'basic'")[0].as<int>();
        alpha158_ = tx.exec1("SELECT feature_set_id FROM bourse.feature_set WHERE name = 'alpha158'")[0].as<int>();
        recursive_ = make_recursive(tx);
    }

    // Everything that keeps a memory: sums, averages, states; windows over them and them over windows, a series of
    // its own, weeks and another instrument.
    int make_recursive(pqxx::transaction_base& tx) {
        tx.exec(
            "INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value) SELECT i.instrument_id, '1d', "
            "'extra', "
            "'2020-01-06', 1 FROM bourse.instrument AS i ON CONFLICT DO NOTHING");
        const bool extra = tx.exec1("SELECT count(*) > 0 FROM bourse.bar_field WHERE field = 'extra'")[0].as<bool>();
        return tx
            .exec1(std::string("SELECT bourse.create_feature_set('recursive', ARRAY['EMA($close,12)/$close', "
                               "'Delta(OBV($close,$volume),20)/(Sum($volume,20)+1e-12)', "
                               "'EMA(Mean(AD($high,$low,$close,$volume),10),9)', 'MACD_HIST($close,12,26,9)', "
                               "'KAMA($close,10)', 'SAR($high,$low)', 'ADX($high,$low,$close,14)', "
                               "'RSI(Mean($close,3),7)', '$change', 'EMA($change,5)', 'Slope($close,0)', "
                               "'Mean($volume,0)', 'Rank(RSI($close,14),20)', 'STOCHRSI($close)', "
                               "'HT_TRENDLINE($close)', 'TEMA($close,9)', 'EMA(Mask($close,''BBB''),5)/$close', "
                               "'EMA($close@1w,4)'") +
                   (extra ? ", 'EMA($extra,5)'" : "") + "], materialize => true)")[0]
            .as<int>();
    }

    // Bars of one symbol on the days that `on` chooses, with random prices.
    void load(const std::string& symbol, int first_day, int days, double share, std::mt19937_64& random) {
        std::uniform_real_distribution<double> unit(0, 1);
        std::string values;
        for (int day = first_day; day < first_day + days; ++day) {
            if (unit(random) > share) continue;
            const double close = std::round(5000 + 1000 * unit(random)) / 100,
                         open = std::round(5000 + 1000 * unit(random)) / 100;
            const double high = std::max(open, close) + 1, low = std::min(open, close) - 1;
            const bool suspended = unit(random) < 0.05;
            values += (values.empty() ? "" : ", ") + std::string("('") + symbol +
                      "', '1d', timestamptz '2020-01-06 00:00+00' + " + std::to_string(day) +
                      " * interval '24 hours', " + std::to_string(suspended ? close : open) + ", " +
                      std::to_string(suspended ? close : high) + ", " + std::to_string(suspended ? close : low) + ", " +
                      std::to_string(close) + ", " +
                      (suspended ? "0" : std::to_string(1000 + static_cast<int>(1000 * unit(random)))) + ", " +
                      std::to_string(1e5 * unit(random)) + ")";
        }
        if (values.empty()) return;
        pqxx::work tx(*connection_);
        tx.exec("SET LOCAL client_min_messages = error");
        tx.exec("INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount) VALUES " +
                values);
        tx.commit();
    }

    void execute(const std::string& statements) { pqxx::nontransaction(*connection_).exec(statements); }

    // Something happens to the market; `newest` is the first day that has no bar yet.
    void change(const std::string& symbol, const std::vector<std::string>& symbols, bool with_sessions, int& newest,
                std::mt19937_64& random) {
        const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
        const std::string instrument = "(SELECT instrument_id FROM bourse.instrument WHERE symbol = '" + symbol + "')";
        switch (below(10)) {
            case 0:  // new days
                load(symbol, newest, 1 + below(3), 1, random), newest += 2;
                break;
            case 1:  // one old bar, mostly a young one
                load(symbol, newest - 1 - below(below(2) ? 5 : newest), 1, 1, random);
                break;
            case 2:  // history before
                load(symbol, -below(20), 30, 0.5, random);
                break;
            case 3:  // holes filled
                load(symbol, below(newest), 15, 0.3, random);
                break;
            case 4:  // a split: everything before a day in other units
                execute(
                    "SET client_min_messages = error; INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, "
                    "close, volume, amount, adj_factor) SELECT '" +
                    symbol +
                    "', '1d', ts, open, high, low, close, volume, amount, adj_factor / 2 FROM bourse.bar WHERE "
                    "instrument_id = " +
                    instrument + " AND freq = '1d' AND ts < timestamptz '2020-01-06 00:00+00' + " +
                    std::to_string(below(newest)) + " * interval '24 hours'; RESET client_min_messages");
                break;
            case 5:  // another series: written, overwritten, deleted
                execute("INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value) SELECT " + instrument +
                        ", '1d', 'extra', timestamptz '2020-01-06 00:00+00' + " + std::to_string(below(newest)) +
                        " * interval '24 hours', " + std::to_string(below(100)) + " WHERE " + instrument +
                        " IS NOT NULL ON CONFLICT (instrument_id, freq, field, ts) DO UPDATE SET value = "
                        "excluded.value; DELETE FROM bourse.bar_field WHERE value < 20 AND ts > '2020-01-06'");
                break;
            case 6: {  // a new version of the set, if it may be stored at once
                pqxx::work tx(*connection_);
                recursive_ = make_recursive(tx);
                tx.commit();
                break;
            }
            case 7:
                if (with_sessions)
                    execute(
                        "INSERT INTO bourse.calendar SELECT 'XSHG', d::date, d + interval '90 minutes', d + interval "
                        "'7 hours' FROM generate_series(timestamptz '2020-01-01 00:00+00', '2020-02-20 00:00+00', '24 "
                        "hours') AS d WHERE extract(isodow FROM d) < 6 ON CONFLICT DO NOTHING");
                load(symbol, newest, 1, 1, random), newest += 3;
                break;
            default:  // a day of all
                for (const auto& each : symbols) load(each, newest, 1, 0.8, random);
                ++newest;
        }
    }

    // Whatever happens to a row, it is counted, with the transaction that wrote it.
    void count_written_rows() {
        execute(
            "CREATE TABLE IF NOT EXISTS public.written (instrument_id int, ts timestamptz, by xid8); TRUNCATE "
            "public.written; CREATE OR REPLACE FUNCTION public.note_rows() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN INSERT INTO public.written SELECT instrument_id, ts, pg_current_xact_id() FROM fresh; RETURN NULL; "
            "END $$; CREATE OR REPLACE TRIGGER note_rows AFTER INSERT ON bourse.feature_value REFERENCING NEW TABLE AS "
            "fresh FOR EACH STATEMENT EXECUTE FUNCTION public.note_rows()");
    }
    long written(const std::string& what) {
        return pqxx::nontransaction(*connection_)
            .exec1("SELECT " + what + " FROM public.written LIMIT 1")[0]
            .as<long>();
    }
    void stop_counting() { execute("DROP TRIGGER note_rows ON bourse.feature_value; DROP TABLE public.written"); }

    long dirty(int set) { return dirty_by(*connection_, set); }
    static long dirty_by(Connection& connection, int set) {
        return pqxx::nontransaction(connection)
            .exec_params("SELECT count(*) FROM bourse.feature_dirty WHERE feature_set_id = $1", set)[0][0]
            .as<long>();
    }

    std::unique_ptr<Connection> connection_;
    int windowed_ = 0, basic_ = 0, elsewhere_ = 0, alpha158_ = 0, recursive_ = 0;
};

}  // namespace bourse::workers
