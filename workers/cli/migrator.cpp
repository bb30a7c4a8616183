#include "workers/cli/migrator.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "workers/cli/embedded_sql.hpp"
#include "workers/common/sha256.hpp"

namespace bourse::cli {
namespace {

using Report = std::function<void(const std::string&)>;

constexpr const char* lock_key = "5064192275412113";  // any constant of our own
const std::string grants_file = "access/grants";      // dropping an object drops its grants: always applied last

constexpr const char* bootstrap_sql = R"(
CREATE SCHEMA IF NOT EXISTS bourse;
CREATE SCHEMA IF NOT EXISTS ta;
CREATE SCHEMA IF NOT EXISTS bourse_bi;
COMMENT ON SCHEMA bourse IS 'the platform: functions and tables';
COMMENT ON SCHEMA ta IS 'technical indicators';
COMMENT ON SCHEMA bourse_bi IS 'views for BI tools: columns are only ever added, at the end';
CREATE TABLE IF NOT EXISTS bourse.migration (
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    program    text NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE bourse.migration IS 'migrations that were applied, and the extension script';
CREATE TABLE IF NOT EXISTS bourse.sql_file (
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sql_file_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE bourse.sql_file IS 'files of sql/ as they were last applied';
CREATE TABLE IF NOT EXISTS bourse.sql_object (
    object_id      bigint GENERATED ALWAYS AS IDENTITY,
    name           text NOT NULL,
    drop_statement text NOT NULL,
    CONSTRAINT sql_object_pkey PRIMARY KEY (drop_statement),
    CONSTRAINT sql_object_file_fkey FOREIGN KEY (name) REFERENCES bourse.sql_file ON DELETE CASCADE
);
COMMENT ON TABLE bourse.sql_object IS 'functions, views, triggers and types made by each file of sql/, and how to drop them';
)";

// Objects of our schemas made or replaced by this transaction: their catalogue rows carry its number.
// The extension's own members are no objects of sql/; generated feature views are data of the feature sets.
constexpr const char* touched_sql = R"(
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN ('bourse', 'ta', 'bourse_bi')),
touched AS (
    SELECT 'pg_proc'::regclass AS classid, oid, format('DROP ROUTINE %s', oid::regprocedure) AS drop_statement
    FROM pg_proc WHERE xmin = pg_current_xact_id()::xid AND pronamespace IN (SELECT oid FROM ours)
    UNION ALL
    SELECT 'pg_class'::regclass, oid, format('DROP VIEW %s', oid::regclass)
    FROM pg_class WHERE xmin = pg_current_xact_id()::xid AND relkind = 'v' AND relnamespace IN (SELECT oid FROM ours)
        AND obj_description(oid, 'pg_class') IS DISTINCT FROM NULL AND obj_description(oid, 'pg_class') NOT LIKE 'generated:%'
    UNION ALL
    SELECT 'pg_class'::regclass, oid, format('DROP VIEW %s', oid::regclass)
    FROM pg_class WHERE xmin = pg_current_xact_id()::xid AND relkind = 'v' AND relnamespace IN (SELECT oid FROM ours)
        AND obj_description(oid, 'pg_class') IS NULL
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, format('DROP TYPE %s', c.oid::regclass)
    FROM pg_class AS c WHERE c.xmin = pg_current_xact_id()::xid AND c.relkind = 'c' AND c.relnamespace IN (SELECT oid FROM ours)
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE t.xmin = pg_current_xact_id()::xid AND NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace IN (SELECT oid FROM ours)
)
SELECT drop_statement FROM touched
WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = touched.classid AND d.objid = touched.oid AND d.deptype = 'e')
ORDER BY oid
)";

// Drops what can be dropped, again and again, until nothing is left or nothing moves: the order inside a file is
// not recorded, dependencies decide.
void drop_objects(pqxx::dbtransaction& tx, std::vector<std::string> statements) {
    std::string reason;
    while (!statements.empty()) {
        std::vector<std::string> left;
        for (const auto& statement : statements) {
            try {
                pqxx::subtransaction attempt(
                    tx, "drop_object");  // libpqxx ends the whole transaction on an error outside one
                attempt.exec(statement);
                attempt.commit();
            } catch (const pqxx::sql_error& e) {
                const std::string state = e.sqlstate();
                if (state == "2BP01") {  // something still depends on it
                    left.push_back(statement);
                    reason = e.what();
                } else if (state != "42883" && state != "42P01" && state != "42704") {  // gone already is fine
                    throw;
                }
            }
        }
        if (left.size() == statements.size())
            throw Error(ErrorKind::migration, "objects of your own stand on objects that must be made anew",
                        "drop them, run bourse migrate, and make them again", reason);
        statements = std::move(left);
    }
}

std::vector<std::string> recorded_objects(pqxx::transaction_base& tx, const std::string& file = {}) {
    std::vector<std::string> statements;
    const auto rows =
        file.empty()
            ? tx.exec("SELECT drop_statement FROM bourse.sql_object ORDER BY object_id DESC")
            : tx.exec_params("SELECT drop_statement FROM bourse.sql_object WHERE name = $1 ORDER BY object_id DESC",
                             file);
    for (const auto& row : rows) statements.push_back(row[0].as<std::string>());
    return statements;
}

// CREATE OR REPLACE cannot give this object its new shape (other columns, other result): all must be made anew.
struct NeedsRebuild {};

bool changes_shape(const std::string& sqlstate) {
    return sqlstate == "42P13" /* other result or argument names */ ||
           sqlstate == "42P16" /* other columns of a view */;
}

// Runs one file of sql/ and records what it made; objects it made before and makes no longer are dropped.
void apply_sql_file(pqxx::dbtransaction& tx, const EmbeddedFile& file, std::vector<std::string>& seen,
                    bool rebuilding) {
    const std::string name(file.name);
    const auto before = recorded_objects(tx, name);
    try {
        tx.exec(std::string(file.text));
    } catch (const pqxx::sql_error& e) {
        if (!rebuilding && changes_shape(e.sqlstate())) throw NeedsRebuild{};
        throw Error(ErrorKind::migration, "sql/" + name + ".sql could not be applied", {}, e.what());
    }
    std::vector<std::string> made;
    for (const auto& row : tx.exec(touched_sql)) {
        auto statement = row[0].as<std::string>();
        if (std::find(seen.begin(), seen.end(), statement) == seen.end()) made.push_back(statement);
    }
    seen.insert(seen.end(), made.begin(), made.end());

    std::vector<std::string> orphans;
    for (const auto& statement : before)
        if (std::find(seen.begin(), seen.end(), statement) == seen.end()) orphans.push_back(statement);
    drop_objects(tx, orphans);

    tx.exec_params(
        "INSERT INTO bourse.sql_file (name, sha256) VALUES ($1, $2) "
        "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()",
        name, workers::sha256_hex(file.text));
    tx.exec_params("DELETE FROM bourse.sql_object WHERE name = $1", name);
    for (const auto& statement : made)
        tx.exec_params(
            "INSERT INTO bourse.sql_object (name, drop_statement) VALUES ($1, $2) "
            "ON CONFLICT (drop_statement) DO UPDATE SET name = excluded.name",
            name, statement);
}

void apply_migration(pqxx::transaction_base& tx, const EmbeddedFile& file) {
    const std::string name(file.name);
    // The row comes first: a racing starter without our lock would collide here, before it changes anything.
    tx.exec_params("INSERT INTO bourse.migration (name, sha256, program) VALUES ($1, $2, $3)", name,
                   workers::sha256_hex(file.text), BOURSE_VERSION);
    try {
        tx.exec(std::string(file.text));
    } catch (const pqxx::sql_error& e) {
        throw Error(ErrorKind::migration, "migration " + name + " could not be applied", {}, e.what());
    }
}

bool is_pending(const Step& step) { return step.state == StepState::pending || step.state == StepState::changed; }

class AdvisoryLock {
public:
    explicit AdvisoryLock(workers::Connection& connection) : connection_(connection) {
        pqxx::nontransaction(connection_).exec(std::string("SELECT pg_advisory_lock(") + lock_key + ")");
    }
    ~AdvisoryLock() {
        try {
            pqxx::nontransaction(connection_).exec(std::string("SELECT pg_advisory_unlock(") + lock_key + ")");
        } catch (const std::exception&) {  // the session is gone, and the lock with it
        }
    }
    AdvisoryLock(const AdvisoryLock&) = delete;
    AdvisoryLock& operator=(const AdvisoryLock&) = delete;

private:
    workers::Connection& connection_;
};

}  // namespace

bool Migrator::bootstrapped() {
    pqxx::nontransaction tx(connection_);
    return tx.exec("SELECT to_regclass('bourse.sql_object') IS NOT NULL")[0][0].as<bool>();
}

std::vector<Step> Migrator::status() {
    std::map<std::string, std::pair<std::string, std::string>> migrations, files;
    if (bootstrapped()) {
        pqxx::nontransaction tx(connection_);
        for (const auto& row :
             tx.exec("SELECT name, sha256, applied_at FROM bourse.migration WHERE name <> 'extension'"))
            migrations[row[0].c_str()] = {row[1].c_str(), row[2].c_str()};
        for (const auto& row : tx.exec("SELECT name, sha256, applied_at FROM bourse.sql_file"))
            files[row[0].c_str()] = {row[1].c_str(), row[2].c_str()};
    }
    std::vector<Step> steps;
    const auto compare = [&steps](const char* kind, const std::vector<EmbeddedFile>& known, auto& applied) {
        for (const auto& file : known) {
            const auto found = applied.find(std::string(file.name));
            if (found == applied.end()) {
                steps.push_back({kind, std::string(file.name), StepState::pending, {}});
                continue;
            }
            const bool same = found->second.first == workers::sha256_hex(file.text);
            steps.push_back(
                {kind, std::string(file.name), same ? StepState::applied : StepState::changed, found->second.second});
            applied.erase(found);
        }
        for (const auto& [name, value] : applied) steps.push_back({kind, name, StepState::unknown, value.second});
    };
    compare("migration", embedded_migrations(), migrations);
    compare("sql", embedded_sql(), files);
    return steps;
}

void Migrator::make_roles() {
    pqxx::nontransaction tx(connection_);
    for (const char* role :
         {"bourse_reader", "bourse_researcher", "bourse_operator", "bourse_approver", "bourse_worker", "bourse_admin"})
        tx.exec(std::string("DO $$ BEGIN CREATE ROLE ") + role +
                " NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
}

void Migrator::bootstrap(const Report& report) {
    if (bootstrapped()) return;
    pqxx::work tx(connection_, "bootstrap");
    tx.exec("SET LOCAL client_min_messages = warning");
    tx.exec(bootstrap_sql);
    tx.exec("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''UTC''', current_database()); END $$");
    tx.commit();
    report("made the schemas bourse, ta and bourse_bi");
}

void Migrator::make_extension(const Report& report) {
    pqxx::work tx(connection_, "extension");
    const auto recorded = tx.exec("SELECT sha256, program FROM bourse.migration WHERE name = 'extension'");
    if (!recorded.empty() && recorded[0][0].as<std::string>() == embedded_extension_sha256()) return;
    if (!recorded.empty() && recorded[0][1].as<std::string>() == BOURSE_VERSION)
        throw Error(ErrorKind::migration,
                    std::string("the extension's script changed within version ") + BOURSE_VERSION,
                    "only unreleased checkouts do that: make the database anew (make demo-reset)");
    tx.exec(recorded.empty() ? "CREATE EXTENSION bourse SCHEMA bourse" : "ALTER EXTENSION bourse UPDATE");
    tx.exec_params(
        "INSERT INTO bourse.migration (name, sha256, program) VALUES ('extension', $1, $2) "
        "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, program = excluded.program, applied_at = now()",
        embedded_extension_sha256(), BOURSE_VERSION);
    tx.commit();
    report("made the extension bourse " BOURSE_VERSION);
}

void Migrator::refuse_if_unfit(const std::vector<Step>& steps) {
    for (const auto& step : steps) {
        if (step.kind != "migration") continue;
        if (step.state == StepState::unknown)
            throw Error(ErrorKind::migration, "the database is newer than this program: it has migration " + step.name,
                        "install the newer program; this one is " BOURSE_VERSION);
        if (step.state == StepState::changed)
            throw Error(ErrorKind::migration, "migration " + step.name + " was changed after it had been applied",
                        "a released migration never changes: restore its text and add a new one");
    }
}

int Migrator::apply(const Report& report) {
    AdvisoryLock lock(connection_);
    auto steps = status();
    refuse_if_unfit(steps);
    make_roles();
    bootstrap(report);
    make_extension(report);

    const bool migrate =
        std::any_of(steps.begin(), steps.end(), [](const Step& s) { return s.kind == "migration" && is_pending(s); });
    const bool changed = std::any_of(steps.begin(), steps.end(),
                                     [](const Step& s) { return is_pending(s) || s.state == StepState::unknown; });
    if (!changed) return 0;
    try {
        return apply_steps(steps, migrate, report);
    } catch (const NeedsRebuild&) {
        return apply_steps(steps, true, report);
    }
}

int Migrator::apply_steps(const std::vector<Step>& steps, bool rebuild, const Report& report) {
    pqxx::work tx(connection_, "migrate");
    tx.exec(
        "SET LOCAL search_path = pg_catalog; SET LOCAL client_min_messages = warning; SET LOCAL check_function_bodies "
        "= on");
    if (rebuild) {
        drop_objects(tx, recorded_objects(tx));
        tx.exec("DELETE FROM bourse.sql_file");
    }
    std::vector<std::string> lines;  // told once they are committed
    for (const auto& step : steps) {
        if (step.kind != "sql" || step.state != StepState::unknown) continue;
        drop_objects(tx, recorded_objects(tx, step.name));
        tx.exec_params("DELETE FROM bourse.sql_file WHERE name = $1", step.name);
        lines.push_back("removed sql/" + step.name);
    }
    const auto pending = [&steps](const char* kind, std::string_view name) {
        return std::any_of(steps.begin(), steps.end(),
                           [&](const Step& s) { return s.kind == kind && s.name == name && is_pending(s); });
    };
    for (const auto& file : embedded_migrations()) {
        if (!pending("migration", file.name)) continue;
        apply_migration(tx, file);
        lines.push_back("applied migration " + std::string(file.name));
    }
    std::vector<std::string> seen;  // types made by migrations stay
    for (const auto& row : tx.exec(touched_sql)) seen.push_back(row[0].as<std::string>());
    for (const auto& file : embedded_sql()) {
        if (!rebuild && file.name != grants_file && !pending("sql", file.name)) continue;
        apply_sql_file(tx, file, seen, rebuild);
        lines.push_back("applied sql/" + std::string(file.name));
    }
    tx.commit();
    for (const auto& line : lines) report(line);
    return static_cast<int>(lines.size());
}

}  // namespace bourse::cli
