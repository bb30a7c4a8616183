// Which rows a refresh stores, and in which transactions: pieces of time of sets with cross-sections, and nothing that
// is older than it is kept.
#include "refresh_support.hpp"

namespace bourse::workers {
namespace {

// A set with cross-sections is stored piece by piece of the time: no transaction writes more than a piece, none is open
// between two, and who is killed leaves what is done, which is not done again.
TEST_F(Refresh, CrossSectionsAreStoredInPieces) {
    std::mt19937_64 random(9);
    for (int i = 0; i < 12; ++i) load("S" + std::to_string(i), static_cast<int>(random() % 40), 100, 0.9, random);
    load("BBB", 0, 130, 1, random);
    load("SH600000", 0, 130, 1, random);
    const int bounded = pqxx::nontransaction(*connection_)
                            .exec1(
                                "SELECT bourse.create_feature_set('ranked', ARRAY['CSRank(Mean($close,3))', "
                                "'Mean(CSDemean($volume),4)', 'Ref(CSZScore($close),2)'], materialize => true)")[0]
                            .as<int>();
    count_written_rows();
    Connection look(database());
    const auto pid = pqxx::nontransaction(*connection_).exec1("SELECT pg_backend_pid()")[0].as<int>();
    for (const int set : {bounded, elsewhere_}) {  // of which the second reads everything before
        RefreshOptions options;
        options.values_a_part = set == bounded ? 450 : 220;  // some ten days of all: 150 and (eightfold) 160 rows
        int pieces = 0, stop_after = 3;
        options.progress = [&](double ratio, const std::string&) {
            ++pieces;
            EXPECT_LE(ratio, 1);
            EXPECT_TRUE(pqxx::nontransaction(look)
                            .exec_params("SELECT backend_xmin IS NULL AND backend_xid IS NULL AND xact_start IS NULL "
                                         "FROM pg_stat_activity WHERE pid = $1",
                                         pid)[0][0]
                            .as<bool>())
                << "a transaction is open between two pieces";
            if (--stop_after == 0) throw Error(ErrorKind::cancelled, "killed");
        };
        execute("TRUNCATE public.written");
        const auto marked = dirty(set);
        EXPECT_THROW(refresh_feature_set(*connection_, set, options), Error);
        EXPECT_GE(dirty(set), marked) << "no range is done as a whole";
        const auto part = stored(*connection_, set);
        ASSERT_FALSE(part.empty());
        const auto whole = from_scratch(*connection_, set);
        EXPECT_LT(part.size(), whole.size());
        std::int64_t newest = factors::beginning_us, oldest_missing = factors::end_of_time_us;
        for (const auto& [key, bytes] : part) {
            newest = std::max(newest, key.second);
            ASSERT_EQ(whole.at(key), bytes);
        }
        for (const auto& [key, bytes] : whole)
            if (!part.contains(key)) oldest_missing = std::min(oldest_missing, key.second);
        EXPECT_LT(newest, oldest_missing) << "what is done is done for all";
        refresh_feature_set(*connection_, set, options);
        EXPECT_GE(pieces, 6);
        EXPECT_EQ(dirty(set), 0);
        expect_equal(*connection_, set, "taken up");
        EXPECT_EQ(written("count(*) - count(DISTINCT (instrument_id, ts))"), 0) << "rows written twice";
        EXPECT_GE(written("count(DISTINCT by)"), pieces - 2);
        EXPECT_LE(written("(SELECT max(n) FROM (SELECT count(*) AS n FROM public.written GROUP BY by) AS t)"), 300)
            << "rows of one transaction";
        execute("TRUNCATE public.written");

        // Killed again; meanwhile an old bar is corrected, a row that is done and one that is not change, another
        // instrument is listed.
        execute("SELECT bourse.refresh_features(name) FROM bourse.feature_set WHERE feature_set_id = " +
                std::to_string(set));
        stop_after = 2;
        EXPECT_THROW(refresh_feature_set(*connection_, set, options), Error);
        load("S3", 5, 2, 1, random);
        load("S4", 100, 60, 1, random);
        load("NEW" + std::to_string(set), 50, 60, 1, random);
        stop_after = 4;
        EXPECT_THROW(refresh_feature_set(*connection_, set, options), Error);
        stop_after = -1;
        refresh_feature_set(*connection_, set, options);
        EXPECT_EQ(dirty(set), 0);
        expect_equal(*connection_, set, "corrected meanwhile");
        execute("TRUNCATE public.written");

        // A day more is one piece, and no other rows.
        for (int i = 0; i < 12; ++i) load("S" + std::to_string(i), 170 + (set == bounded), 1, 1, random);
        pieces = 0;
        refresh_feature_set(*connection_, set, options);
        EXPECT_EQ(dirty(set), 0);
        expect_equal(*connection_, set, "a day more");
    }
    stop_counting();
}

// Days are counted again from the earliest row that changes, which may lie before the dirty range: an instrument that
// goes on after a pause has rows of missing values in it.
TEST_F(Refresh, StatisticsAreThoseOfTheStoredRows) {
    std::mt19937_64 random(10);
    for (const char* symbol : {"AAA", "BBB", "SH600000"}) load(symbol, 0, 40, 0.9, random);
    const auto count_and_compare = [&](int set, const std::string& where) {
        RefreshOptions options;
        options.values_a_part = 500;
        refresh_feature_set(*connection_, set, options);
        pqxx::work tx(*connection_);
        tx.exec_params(
            "SELECT bourse.refresh_feature_statistics(name) FROM bourse.feature_set WHERE feature_set_id = $1", set);
        const auto wrong = tx.exec_params(
            "SELECT count(*) FILTER (WHERE d.rows IS DISTINCT FROM s.rows), count(*) FROM (SELECT (ts AT TIME ZONE "
            "'UTC')::date AS day, count(*) AS rows FROM bourse.feature_value WHERE feature_set_id = $1 GROUP BY 1) AS "
            "d "
            "FULL JOIN (SELECT day, n + missing + infinite AS rows FROM bourse.feature_stats WHERE feature_set_id = $1 "
            "AND "
            "feature "
            "= 1) AS s USING (day)",
            set)[0];
        tx.commit();
        EXPECT_EQ(wrong[0].as<long>(), 0) << where << ", set " << set;
        EXPECT_GE(wrong[1].as<long>(), 30) << where;
    };
    for (const int set : {windowed_, elsewhere_}) count_and_compare(set, "first refresh");
    for (const char* symbol : {"BBB", "SH600000"}) load(symbol, 40, 10, 1, random);
    for (const int set : {windowed_, elsewhere_}) count_and_compare(set, "AAA pauses");
    load("AAA", 50, 2, 1, random);
    for (const int set : {windowed_, elsewhere_}) count_and_compare(set, "AAA goes on");
    load("NEW", 45, 5, 1, random);
    for (const int set : {windowed_, elsewhere_}) count_and_compare(set, "one more");
}

// What is older than it is kept is not stored, whatever is marked: at the first refresh, by corrections of old bars and
// by new ones; the rows that are stored have the bits of the whole history. Kept longer, the older ones come back.
TEST_F(Refresh, NothingIsStoredBeforeTheRetentionHorizon) {
    std::mt19937_64 random(8);
    const std::vector<std::string> symbols{"AAA", "BBB", "SH600000", "BTCUSDT"};
    for (const auto& symbol : symbols) load(symbol, 0, 150, 0.9, random);
    // The horizon moves at midnight: what is stored lies behind the one of before and reaches to the one of after.
    const auto horizon = [&](int set) {
        return pqxx::nontransaction(*connection_)
            .exec_params("SELECT bourse.to_unix_us(bourse.feature_horizon($1))", set)[0][0]
            .as<std::int64_t>();
    };
    const auto keep_from = [&](int day) {
        execute("SELECT bourse.keep_features(name, (SELECT extract(day FROM now() - '2020-01-06 00:00+00')::int - " +
                std::to_string(day) +
                ")) FROM bourse.feature_set WHERE name IN ('windowed', 'basic', 'recursive', 'elsewhere')");
    };
    const auto refresh_and_compare = [&](const std::string& where) {
        for (const int set : {windowed_, basic_, recursive_, elsewhere_}) {
            const auto before = horizon(set);
            refresh_feature_set(*connection_, set);
            ASSERT_EQ(dirty(set), 0);
            const auto after = horizon(set);
            const auto have = stored(*connection_, set), want = from_scratch(*connection_, set);
            std::size_t older = 0, kept = 0;
            for (const auto& [key, bytes] : have) {
                ASSERT_GE(key.second, before) << where << ", set " << set;
                ASSERT_TRUE(want.contains(key) && want.at(key) == bytes) << where << ", set " << set;
            }
            for (const auto& [key, bytes] : want) {
                older += key.second < before;
                if (key.second < after) continue;
                ++kept;
                ASSERT_TRUE(have.contains(key)) << where << ", set " << set;
            }
            EXPECT_GT(kept, 100u) << where;
            EXPECT_GT(older, 100u) << where;
        }
    };
    keep_from(90);
    ASSERT_NO_FATAL_FAILURE(refresh_and_compare("first refresh"));
    load("AAA", 85, 10, 1, random);  // on both sides of the horizon
    load("BBB", 20, 3, 1, random);   // its windows end before it, but for what reads everything
    for (const auto& symbol : symbols) load(symbol, 150, 2, 1, random);
    ASSERT_NO_FATAL_FAILURE(refresh_and_compare("corrections and new days"));
    execute("SELECT bourse.refresh_features(name) FROM bourse.feature_set WHERE name IN ('windowed', 'elsewhere')");
    ASSERT_NO_FATAL_FAILURE(refresh_and_compare("everything anew"));
    keep_from(60);
    ASSERT_NO_FATAL_FAILURE(refresh_and_compare("kept longer"));
    execute(
        "SELECT bourse.keep_features(name, NULL) FROM bourse.feature_set WHERE name IN ('windowed', 'basic', "
        "'recursive', 'elsewhere')");
    for (const int set : {windowed_, basic_, recursive_, elsewhere_}) {
        refresh_feature_set(*connection_, set);
        expect_equal(*connection_, set, "kept for ever");
    }
}

}  // namespace
}  // namespace bourse::workers
