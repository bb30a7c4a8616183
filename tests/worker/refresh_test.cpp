// Refreshing stored features against a real server: whatever is loaded in whatever order, what is stored has the bits
// of a computation from scratch.
#include "refresh_support.hpp"

#include <atomic>
#include <functional>
#include <set>
#include <thread>

namespace bourse::workers {
namespace {

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
                RefreshOptions options;
                if (set == elsewhere_ && random() % 2) {  // in small pieces, some of them interrupted
                    options.values_a_part = 100 + static_cast<std::int64_t>(random() % 2000);
                    int left = 1 + static_cast<int>(random() % 4);
                    options.progress = [left](double, const std::string&) mutable {
                        if (--left == 0) throw Error(ErrorKind::cancelled, "killed");
                    };
                    try {
                        resumed += refresh_feature_set(*connection_, set, options).resumed;
                    } catch (const Error& e) {
                        ASSERT_EQ(e.kind(), ErrorKind::cancelled);
                        options.progress = {};
                    }
                }
                resumed += refresh_feature_set(*connection_, set, options).resumed;
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

// The index of times is made when the first refresh ends, with what ends it; statistics wait for it.
TEST_F(Refresh, CanBeFoundByTimeWhenTheFirstRefreshHasEnded) {
    std::mt19937_64 random(6);
    load("AAA", 0, 50, 0.9, random);
    const auto says = [&](const std::string& query) {
        pqxx::work tx(*connection_);
        return tx.exec1(query)[0].as<bool>();
    };
    {
        pqxx::work tx(*connection_);
        tx.exec("DROP INDEX IF EXISTS bourse.feature_value_" + std::to_string(windowed_) + "_ts_idx");
        tx.commit();
    }
    const auto indexed = "SELECT bourse.is_indexed_feature_set(" + std::to_string(windowed_) + ")";
    EXPECT_FALSE(says(indexed));
    RefreshOptions options;
    options.finish = [](pqxx::transaction_base&, const RefreshResult&) { throw Error(ErrorKind::lost_lease, "late"); };
    EXPECT_THROW(refresh_feature_set(*connection_, windowed_, options), Error);
    EXPECT_FALSE(says(indexed));
    refresh_feature_set(*connection_, windowed_);
    EXPECT_TRUE(says(indexed));
    EXPECT_TRUE(says("SELECT EXISTS (SELECT FROM bourse.feature_stats_stale WHERE feature_set_id = " +
                     std::to_string(windowed_) + ")"));
    EXPECT_FALSE(says("SELECT bourse.index_feature_set(" + std::to_string(windowed_) + ")")) << "made twice";
}

// Parts of one plan, shared by four sessions of which one is killed again and again in the middle of a part: each range
// is done once, the rows are those of a computation from scratch, and who is no helper ends when all is done.
TEST_F(Refresh, SeveralShareTheParts) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 24; ++i) load("S" + std::to_string(i), static_cast<int>(random() % 30), 60, 0.9, random);
    count_written_rows();
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
    EXPECT_EQ(written("count(*) - count(DISTINCT (instrument_id, ts))"), 0) << "rows written twice";
    EXPECT_EQ(static_cast<std::size_t>(written("count(*)")), stored(*connection_, basic_).size());
    stop_counting();
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
