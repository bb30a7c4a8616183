// A Qlib data set into the database: bars through the load of every import, what bars cannot hold beside them, its
// calendar and memberships; one transaction.
#pragma once

#include <string>

#include "workers/cli/import/file_import.hpp"

namespace bourse::cli {

// Refusals come back as outcomes, as from import_file. After it, export gives the set back bit for bit: every value is
// read back and compared; where a bar does not give the same bits (a row that broke a rule, a factor on a day without
// prices, a field of another name) the value lies in bourse.bar_field.
ImportOutcome import_qlib(workers::Connection& connection, const std::string& db, const std::string& folder,
                          const ImportOptions& options);

}  // namespace bourse::cli
