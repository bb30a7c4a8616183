// Takes secrets out of text that is going to be stored or logged.
#pragma once

#include <string>
#include <vector>

namespace bourse::workers {

class Redactor {
public:
    // Knows the passwords of a connection string (libpq's forms) and of PGPASSWORD.
    explicit Redactor(const std::string& conninfo);

    // The text with "***" for those passwords, for what follows password= (and the like) and for a:b in ://a:b@.
    std::string clean(std::string text) const;

private:
    std::vector<std::string> secrets_;
};

}  // namespace bourse::workers
