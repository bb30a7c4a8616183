// Brings a database to the state this program needs: schemas, roles, extension, tables, functions, grants.
//
// Safe when several start at once (one advisory lock). Pending migrations and changed sql/ files are applied in one
// transaction: a failure leaves the database as it was. When a migration is pending, or CREATE OR REPLACE cannot give
// an object its new shape, every object of sql/ is dropped first and made again afterwards.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/common/connection.hpp"

namespace bourse::cli {

enum class StepState { applied, pending, changed, unknown };  // unknown: in the database, not in this program

struct Step {
    std::string kind;  // "migration" or "sql"
    std::string name;
    StepState state;
    std::string applied_at;  // empty when pending
};

class Migrator {
public:
    explicit Migrator(workers::Connection& connection) : connection_(connection) {}

    // What there is and what would be done; changes nothing.
    std::vector<Step> status();

    // Cluster-wide NOLOGIN roles; safe when several run at once.
    void make_roles();

    // Applies what is missing. `report` gets one line per step. Returns the number of steps that were applied.
    // Errors: migration (database newer than the program, released file changed, users' objects in the way).
    int apply(const std::function<void(const std::string&)>& report);

private:
    bool bootstrapped();
    void bootstrap(const std::function<void(const std::string&)>& report);
    int apply_steps(const std::vector<Step>& steps, bool rebuild,
                    const std::function<void(const std::string&)>& report);
    void refuse_if_unfit(const std::vector<Step>& steps);
    void make_extension(const std::function<void(const std::string&)>& report);

    workers::Connection& connection_;
};

}  // namespace bourse::cli
