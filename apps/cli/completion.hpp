#pragma once

#include <string>

namespace CLI {
class App;
}

namespace penstock::cli {

// Prints a completion script made from the verbs and options of `app`; tags are asked of the server while one types.
int run_completion(const CLI::App& app, const std::string& shell);

}  // namespace penstock::cli
