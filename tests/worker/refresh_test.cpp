// Refreshing stored features against a real server: whatever is loaded in whatever order, what is stored has the bits
// of a computation from scratch.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/task/feature_refresh.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {
namespace {

using Key = std::pair<std::int32_t, std::int64_t>;
using Rows = std::map<Key, std::vector<std::byte>>;  // available_at, then the vector's bytes

std::string database() {
    const char* conninfo = std::getenv("BOURSE_DB");
    return conninfo ? conninfo : "";
}

std::vector<std::byte> row_bytes(std::int64_t available_us, std::span<const std::byte> values) {
    std::vector<std::byte> bytes(sizeof available_us + values.size());
    std::memcpy(bytes.data(), &available_us, sizeof available_us);
    if (!values.empty()) std::memcpy(bytes.data() + sizeof available_us, values.data(), values.size());
    return bytes;
}

Rows stored(Connection& connection, int set) {
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
Rows from_scratch(Connection& connection, int set) {
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

void expect_equal(Connection& connection, int set, const std::string& where) {
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

    long dirty(int set) { return dirty_by(*connection_, set); }
    static long dirty_by(Connection& connection, int set) {
        return pqxx::nontransaction(connection)
            .exec_params("SELECT count(*) FROM bourse.feature_dirty WHERE feature_set_id = $1", set)[0][0]
            .as<long>();
    }

    std::unique_ptr<Connection> connection_;
    int windowed_ = 0, basic_ = 0, elsewhere_ = 0, alpha158_ = 0, recursive_ = 0;
};

// Six markets of twenty changes each: new days, late listings, gaps, corrections of old bars, splits, sessions that
// appear late, another series, new versions of a set.
TEST_F(Refresh, EqualsAComputationFromScratch) {
    std::mt19937_64 random(2026);
    const std::vector<std::string> symbols{"AAA", "BBB", "SH600000", "SZ000001", "BTCUSDT", "ETHUSDT", "CCC"};
    int cases = 0;
    long resumed = 0;
    for (int market = 0; market < 6; ++market) {
        execute(
            "TRUNCATE bourse.bar, bourse.bar_history, bourse.feature_value, bourse.feature_dirty, "
            "bourse.feature_state, bourse.calendar");
        int newest = 100 + static_cast<int>(random() % 80);
        for (const auto& symbol : symbols)
            if (symbol != "CCC") load(symbol, static_cast<int>(random() % 20), newest, 0.8, random);
        newest += 20;
        for (int step = 0; step < 20; ++step, ++cases) {
            change(symbols[random() % symbols.size()], symbols, market % 2 == 1, newest, random);
            for (const int set : {windowed_, basic_, recursive_, alpha158_, elsewhere_}) {
                if (set == elsewhere_ && step % 4 != 3) continue;  // several changes at once
                if (set == alpha158_ && step % 4 != 1) continue;
                if ((set == basic_ || set == windowed_) && random() % 3 == 0) continue;
                // What a change of the calendar alone moves is told by refresh_features, as the reference says.
                resumed += refresh_feature_set(*connection_, set).resumed;
                ASSERT_EQ(dirty(set), 0);
                expect_equal(*connection_, set,
                             "set " + std::to_string(set) + " market " + std::to_string(market) + " step " +
                                 std::to_string(step));
                if (HasFailure()) return;
            }
        }
    }
    EXPECT_GE(cases, 100);
    EXPECT_GE(resumed, 100) << "refreshes that went on from a checkpoint";
    EXPECT_GE(pqxx::nontransaction(*connection_).exec1("SELECT count(*) FROM bourse.feature_checkpoint")[0].as<long>(),
              5);
}

// When a row is known is told twice, by the panel and by SQL's bar_close: they agree, with breaks, without sessions,
// for bars within a day and beyond.
TEST_F(Refresh, AvailableAtIsTheBarsClose) {
    std::vector<std::pair<std::string, int>> sets;
    pqxx::work tx(*connection_);
    tx.exec("SET client_min_messages = error");
    tx.exec(
        "INSERT INTO bourse.calendar SELECT 'XSHG', d::date, d + interval '90 minutes', d + interval '7 hours', d + "
        "interval '210 minutes', d + interval '5 hours' "
        "FROM generate_series(timestamptz '2020-01-06 00:00+00', '2020-03-20 00:00+00', '24 hours') AS d WHERE "
        "extract(isodow FROM d) < 6 AND d <> '2020-01-24 00:00+00'");
    tx.exec(
        "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) "  // those off the grid are
                                                                                            // rejected
        "SELECT symbol, freq, ts, 10, 12, 9, 11, 100 FROM unnest(ARRAY['SH600000', 'BTCUSDT', 'AAA']) AS symbol, "
        "unnest(ARRAY['15m', '1h', '4h', '1d', '1w', '1mo']) AS freq, "
        "generate_series(timestamptz '2020-01-01 00:00+00', '2020-02-12 23:00+00', '30 minutes') AS ts "
        "WHERE CASE WHEN freq IN ('1d', '1w', '1mo') THEN date_trunc('day', ts, 'UTC') = ts ELSE ts BETWEEN "
        "'2020-01-06 00:00+00' AND '2020-01-09 00:00+00' END");
    for (const char* freq : {"15m", "1h", "4h", "1d", "1w", "1mo"}) {
        const auto set =
            tx.exec_params("SELECT bourse.create_feature_set('closes', ARRAY['$close'], $1, materialize => true)",
                           freq)[0][0]
                .as<int>();
        sets.emplace_back(freq, set);
    }
    tx.commit();
    for (const auto& [freq, set] : sets) {
        refresh_feature_set(*connection_, set);
        pqxx::nontransaction look(*connection_);
        const auto row = look.exec_params(
            "SELECT count(*), count(DISTINCT v.instrument_id), count(*) FILTER (WHERE v.available_at <> "
            "bourse.bar_close(v.instrument_id, $2, v.ts)), "
            "min(v.ts) FILTER (WHERE v.available_at <> bourse.bar_close(v.instrument_id, $2, v.ts)) "
            "FROM bourse.feature_value AS v WHERE v.feature_set_id = $1",
            set, freq)[0];
        EXPECT_GE(row[0].as<long>(), 4) << freq;
        EXPECT_EQ(row[1].as<long>(), 3) << freq;
        EXPECT_EQ(row[2].as<long>(), 0) << freq << ", first at " << row[3].c_str();
    }
}

// Nothing that is loaded later moves the stored rows of before.
TEST_F(Refresh, LaterBarsMoveNothing) {
    std::mt19937_64 random(7);
    for (const char* symbol : {"AAA", "BBB"}) load(symbol, 0, 120, 0.9, random);
    refresh_feature_set(*connection_, basic_);
    const auto before = stored(*connection_, basic_);
    for (const char* symbol : {"AAA", "BBB"}) load(symbol, 80, 80, 1, random);
    refresh_feature_set(*connection_, basic_);
    const auto after = stored(*connection_, basic_);
    std::size_t compared = 0;
    for (const auto& [key, bytes] : before) {
        if (key.second >= (18267 + 80) * 86'400'000'000) continue;  // 2020-01-06 is day 18267
        ASSERT_EQ(after.at(key), bytes);
        ++compared;
    }
    EXPECT_GE(compared, 100u);
}

TEST_F(Refresh, ARangeDirtiedMeanwhileStaysDirty) {
    std::mt19937_64 random(3);
    for (const char* symbol : {"AAA", "BBB"}) load(symbol, 0, 50, 0.9, random);
    Connection other(database());
    bool loaded = false;
    RefreshOptions options;
    options.progress = [&](double, const std::string&) {
        if (std::exchange(loaded, true)) return;
        pqxx::work tx(other);  // computed already, not stored yet: the new values are not in what is about to be stored
        tx.exec(
            "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT s, '1d', "
            "'2020-01-20', 70, 75, 65, 71, 5 "
            "FROM unnest(ARRAY['AAA', 'BBB']) AS s");
        tx.commit();
    };
    refresh_feature_set(*connection_, windowed_, options);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(dirty(windowed_), 2);
    EXPECT_NE(stored(*connection_, windowed_), from_scratch(*connection_, windowed_));
    refresh_feature_set(*connection_, windowed_);
    EXPECT_EQ(dirty(windowed_), 0);
    expect_equal(*connection_, windowed_, "second refresh");
}

TEST_F(Refresh, WhatFailsAtTheEndLeavesEverythingAsItWas) {
    std::mt19937_64 random(4);
    load("AAA", 0, 50, 0.9, random);
    refresh_feature_set(*connection_, windowed_);
    const auto before = stored(*connection_, windowed_);
    load("AAA", 10, 60, 1, random);
    const auto marked = dirty(windowed_);
    ASSERT_GT(marked, 0);
    RefreshOptions options;
    options.finish = [](pqxx::transaction_base&, const RefreshResult&) {
        throw Error(ErrorKind::lost_lease, "another attempt holds the job");
    };
    EXPECT_THROW(refresh_feature_set(*connection_, windowed_, options), Error);
    EXPECT_EQ(stored(*connection_, windowed_), before);
    EXPECT_GE(dirty(windowed_), marked) << "planned, perhaps, but not done";
    options.finish = {};
    options.interrupts = [] { throw Error(ErrorKind::cancelled, "cancelled"); };
    EXPECT_THROW(refresh_feature_set(*connection_, windowed_, options), Error);
    EXPECT_EQ(stored(*connection_, windowed_), before);
    refresh_feature_set(*connection_, windowed_);
    expect_equal(*connection_, windowed_, "after the failures");
}

// Parts of one plan, shared by four sessions of which one is killed again and again in the middle of a part: each range
// is done once, the rows are those of a computation from scratch, and who is no helper ends when all is done.
TEST_F(Refresh, SeveralShareTheParts) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 24; ++i) load("S" + std::to_string(i), static_cast<int>(random() % 30), 60, 0.9, random);
    {
        pqxx::work tx(*connection_);  // whatever happens to a row, it is counted
        tx.exec(
            "CREATE TABLE IF NOT EXISTS public.written (instrument_id int, ts timestamptz); TRUNCATE public.written; "
            "CREATE OR REPLACE FUNCTION public.note_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
            "public.written SELECT instrument_id, ts FROM fresh; RETURN NULL; END $$");
        tx.exec(
            "CREATE OR REPLACE TRIGGER note_rows AFTER INSERT ON bourse.feature_value REFERENCING NEW TABLE AS fresh "
            "FOR EACH STATEMENT EXECUTE FUNCTION public.note_rows()");
        tx.commit();
    }
    std::atomic<int> kills = 0;
    std::atomic<long> ranges = 0, asked = 0;
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    std::function<void(bool, bool)> refresh = [&](bool helper, bool mortal) {
        Connection own(database());
        RefreshOptions options;
        options.is_helper = helper;
        options.values_a_part = 2000;
        if (!helper)
            options.helpers = [&](int helpers) {  // there is a plan by now
                asked += helpers;
                threads.emplace_back([&] {
                    while (!done && kills < 6) {
                        try {
                            refresh(true, true);
                        } catch (const std::runtime_error&) {
                        }
                    }
                });
                for (int i = 0; i < 2; ++i) threads.emplace_back([&] { refresh(true, false); });
            };
        options.progress = [&](double, const std::string&) {
            if (mortal && kills < 6) {
                ++kills;
                throw std::runtime_error("killed");
            }
        };
        ranges += refresh_feature_set(own, basic_, options).ranges;
        if (!helper) {
            EXPECT_EQ(dirty_by(own, basic_), 0);
            done = true;
        }
    };
    refresh(false, false);
    for (auto& thread : threads) thread.join();
    EXPECT_GE(asked, 1);
    EXPECT_GE(ranges, 24);
    expect_equal(*connection_, basic_, "shared");
    const auto twice =
        pqxx::nontransaction(*connection_)
            .exec1("SELECT count(*) - count(DISTINCT (instrument_id, ts)), count(*) FROM public.written");
    EXPECT_EQ(twice[0].as<long>(), 0) << "rows written twice";
    EXPECT_EQ(twice[1].as<std::size_t>(), stored(*connection_, basic_).size());
    execute("DROP TRIGGER note_rows ON bourse.feature_value; DROP TABLE public.written");
}

// A load between the planning of one refresh and the next: its positions appear in the calendar of all.
TEST_F(Refresh, APlanThatIsKilledIsTakenUp) {
    std::mt19937_64 random(6);
    for (int i = 0; i < 10; ++i) load("S" + std::to_string(i), 0, 90, 0.9, random);
    RefreshOptions options;
    options.values_a_part = 2000;
    int parts = 0;
    options.progress = [&](double, const std::string&) {
        if (++parts == 3) throw Error(ErrorKind::cancelled, "cancelled");
    };
    EXPECT_THROW(refresh_feature_set(*connection_, basic_, options), Error);
    const auto left = dirty(basic_);
    EXPECT_GT(left, 0);
    EXPECT_LT(left, 10) << "two parts are done";
    load("S3", 40, 60, 1, random);  // fills holes: positions appear
    refresh_feature_set(*connection_, basic_);
    EXPECT_EQ(dirty(basic_), 0);
    expect_equal(*connection_, basic_, "taken up");
}

}  // namespace
}  // namespace bourse::workers
