#pragma once

// The verbs: options as plain structs, filled by the command line (command_line.cpp). Each returns an ExitCode.

#include <cstdint>
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
    std::string name;  // of a tag, or else of an alarm
    std::string language;  // of an alarm's texts; "" = the environment's
};
struct HistoryOptions {
    std::string tag;
    std::string from, to;             // as parse_time() reads them; "" = the last hour, up to now
    std::string aggregate, interval;  // "" = samples
    std::string csv;                  // a file, or - for standard output; "" = no CSV
    std::string historian;            // "" = the tag's first
    std::uint64_t limit = 100'000'000;
    bool plot = false;
};
struct LogsOptions {
    std::string from, to;  // "" = all
    std::string area, user, object, text;
    std::vector<std::string> kinds;
    std::uint64_t limit = 100;
    bool follow = false;
};
struct AlarmsOptions {
    bool history = false, shelved = false, suppressed = false, out_of_service = false;  // one at most; none: what stands
    std::string area, text;
    std::vector<std::uint32_t> priorities;  // empty = all
    std::string from, to;  // of history
    std::uint64_t limit = 1'000;
    bool names = false;  // one name a line: for shell completion
    std::string language;  // of texts; "" = the environment's
};
struct AlarmStatsOptions {
    std::string area;  // "" = the plant, and each area
    std::string language;
};
struct AlarmActionOptions {
    AlarmEvent action{};
    std::vector<std::string> targets;  // ids or names; or
    std::string area;
    std::string comment;  // or reason
    std::string duration;  // of a shelf
    bool once = false;  // a shelf until the alarm is over
};
struct JournalOptions {
    bool verify = false;
    std::string data;  // a folder to look at without a server; "" = ask the server
};
struct BackupOptions {
    std::string file;
};
struct RestoreOptions {
    std::string file;
    std::string data;
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
int run_history(const GlobalOptions& global, const HistoryOptions& options);
int run_logs(const GlobalOptions& global, const LogsOptions& options);
int run_alarms(const GlobalOptions& global, const AlarmsOptions& options);
int run_alarm_stats(const GlobalOptions& global, const AlarmStatsOptions& options);
int run_alarm_action(const GlobalOptions& global, const AlarmActionOptions& options);
int run_journal(const GlobalOptions& global, const JournalOptions& options);
int run_backup(const GlobalOptions& global, const BackupOptions& options);
int run_restore(const GlobalOptions& global, const RestoreOptions& options);  // without a server

// The same with a session that is there already, at a time that is given.
int run_read(Session& session, const GlobalOptions& global, const ReadOptions& options);
int run_watch(Session& session, const GlobalOptions& global, const WatchOptions& options);
int run_history(Session& session, const GlobalOptions& global, const HistoryOptions& options, UtcTime now);
int run_logs(Session& session, const GlobalOptions& global, const LogsOptions& options, UtcTime now);
int run_alarms(Session& session, const GlobalOptions& global, const AlarmsOptions& options, UtcTime now);
int run_alarm_stats(Session& session, const GlobalOptions& global, const AlarmStatsOptions& options);
int run_alarm_action(Session& session, const GlobalOptions& global, const AlarmActionOptions& options);
int run_explain(Session& session, const GlobalOptions& global, const ExplainOptions& options);
int run_write(Session& session, const GlobalOptions& global, const WriteOptions& options);
int run_journal(Session& session, const GlobalOptions& global, const JournalOptions& options);
int run_backup(Session& session, const GlobalOptions& global, const BackupOptions& options);
int run_status(Session& session, const GlobalOptions& global);

}  // namespace penstock::cli
