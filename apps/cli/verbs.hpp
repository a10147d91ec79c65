#pragma once

// The verbs: options as plain structs, filled by the command line (command_line.cpp). Each returns an ExitCode.

#include <string>
#include <vector>

#include "apps/cli/context.hpp"
#include "core/site/site.hpp"

namespace penstock::cli {

struct NewSiteOptions {
    std::string folder;
    std::string modbus_endpoint;  // "" = a simulated device
};
struct CheckOptions {
    std::string folder;
    site::Params params;
};
struct SchemaOptions {
    std::string folder;
    std::string out;  // "" = one document on standard output
};
struct PluginsOptions {
    std::string path;  // "" = the usual places
};
struct TagsOptions {
    std::string pattern;
    bool origin = false;
    bool names = false;  // one name a line: for shell completion
};
struct ReadOptions {
    std::vector<std::string> tags;
};
struct WatchOptions {
    std::string pattern;
    std::string duration;  // "" = until interrupted
};
struct WriteOptions {
    std::string tag;
    std::string value;
};
struct ExplainOptions {
    std::string tag;
};

int run_new_site(const GlobalOptions& global, const NewSiteOptions& options);
int run_check(const GlobalOptions& global, const CheckOptions& options);
int run_schema(const GlobalOptions& global, const SchemaOptions& options);
int run_plugins(const GlobalOptions& global, const PluginsOptions& options);
int run_tags(const GlobalOptions& global, const TagsOptions& options);
int run_read(const GlobalOptions& global, const ReadOptions& options);
int run_watch(const GlobalOptions& global, const WatchOptions& options);
int run_write(const GlobalOptions& global, const WriteOptions& options);
int run_explain(const GlobalOptions& global, const ExplainOptions& options);
int run_status(const GlobalOptions& global);

}  // namespace penstock::cli
