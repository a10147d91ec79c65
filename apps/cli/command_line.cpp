#include "apps/cli/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/cli/completion.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/suggest.hpp"
#include "core/client/language.hpp"

namespace penstock::cli {
namespace {

using Run = std::function<int()>;

constexpr const char* kLanguageHelp =
    "of an alarm's texts, as in de; default: the environment's (LC_ALL, LC_MESSAGES, LANG) if the site has it, else the site's "
    "first";

// The whole command line: options live here while the verb runs.
class CommandLine {
public:
    CommandLine() {
        app_.require_subcommand(1);
        app_.fallthrough();  // global options may stand behind the verb
        app_.add_option("--server", global_.server, "unix:PATH; default: $PENSTOCK_SERVER, else the server started last");
        app_.add_flag("--json", global_.json, "one JSON document, or one a line for watch");
        app_.set_version_flag("--version", PENSTOCK_VERSION);
        app_.footer("Exit codes: 0 done, 1 refused or found faulty, 2 wrong usage, 3 no connection, 4 outcome unknown.");
        global_.locale = client::locale_of_environment();
        add_site_verbs();
        add_plant_verbs();
        add_alarm_verbs();
        add_memory_verbs();
        add_completion();
    }

    int run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::Success& success) {
            return app_.exit(success);
        } catch (const CLI::ParseError& error) {
            return usage(error, argc, argv);
        }
        return chosen_();
    }

private:
    CLI::App* verb(CLI::App& parent, const std::string& name, const std::string& description, Run run) {
        auto* added = parent.add_subcommand(name, description);
        added->callback([this, run = std::move(run)] { chosen_ = run; });
        return added;
    }

    void add_site_verbs() {
        auto* create = app_.add_subcommand("new", "make something that runs at once");
        create->require_subcommand(1);
        auto* new_site = verb(*create, "site", "a small site", [this] { return run_new_site(global_, new_site_); });
        new_site->add_option("FOLDER", new_site_.folder, "folder to make")->required();
        new_site->add_option("--modbus", new_site_.modbus_endpoint, "HOST:PORT of a Modbus device; without it a simulated one");

        auto* check = verb(app_, "check", "find every fault of a site", [this] { return run_check(global_, check_); });
        check->add_option("SITE", check_.folder, "folder of the site")->required();
        check->add_option_function<std::vector<std::string>>(
            "--set", [this](const std::vector<std::string>& texts) { read_settings(texts); },
            "NAME=VALUE for a parameter of the site");

        auto* schema = verb(app_, "schema", "JSON Schemas of a site's files, for editors",
                            [this] { return run_schema(global_, schema_); });
        schema->add_option("SITE", schema_.folder, "folder of the site")->required();
        schema->add_option("--out", schema_.out, "a folder for one schema file each, in place of standard output");

        auto* plugins = verb(app_, "plugins", "what plugins there are, and which are refused",
                             [this] { return run_plugins(global_, plugins_); });
        plugins->add_option("PATH", plugins_.path, "a folder or file in place of the usual ones");
    }

    void add_plant_verbs() {
        auto* tags = verb(app_, "tags", "the tags of the plant", [this] { return run_tags(global_, tags_); });
        tags->add_option("PATTERN", tags_.pattern, "names; * stands for any text, ? for one character");
        tags->add_flag("--origin", tags_.origin, "where each is defined");
        tags->add_flag("--names", tags_.names, "names only");

        auto* read = verb(app_, "read", "newest values", [this] { return run_read(global_, read_); });
        read->add_option("TAG", read_.tags, "names")->required();

        auto* watch = verb(app_, "watch", "values as they change, until Ctrl-C", [this] { return run_watch(global_, watch_); });
        watch->add_option("PATTERN", watch_.pattern, "a name, or a pattern with * and ?")->required();
        watch->add_option("--for", watch_.duration, "end after this time, as in 10s");

        auto* write =
            verb(app_, "write", "set a tag, and wait for the device's answer", [this] { return run_write(global_, write_); });
        write->add_option("TAG", write_.tag, "name")->required();
        write->add_option("VALUE", write_.value, "a value of the tag's type")->required();

        auto* explain = verb(app_, "explain", "where a tag's value comes from, or why an alarm is as it is",
                             [this] { return run_explain(global_, explain_); });
        explain->add_option("TAG", explain_.name, "name of a tag, or else of an alarm")->required();
        explain->add_option("--language", explain_.language, kLanguageHelp);

        verb(app_, "status", "how the server is", [this] { return run_status(global_); });
    }

    void add_alarm_verbs() {
        const std::string time_help = "of history: ISO 8601, or before now as in -5m";
        auto* alarms =
            app_.add_subcommand("alarms", "what stands, unacknowledged first; or what was, is shelved, is suppressed");
        alarms->add_flag("--history", alarms_.history, "every step in the life of alarms, newest first");
        alarms->add_flag("--shelved", alarms_.shelved, "by whom, until when, and why");
        alarms->add_flag("--suppressed", alarms_.suppressed, "by design, with the rule");
        alarms->add_flag("--out-of-service", alarms_.out_of_service, "by whom, and why");
        alarms->add_option("--area", alarms_.area, "an area and all below it");
        alarms->add_option("--priority", alarms_.priorities, "1 is the most urgent; may be repeated")->allow_extra_args(false);
        alarms->add_option("--text", alarms_.text, "contained in alarm, tag or text");
        alarms->add_option("--from", alarms_.from, time_help);
        alarms->add_option("--to", alarms_.to, time_help);
        alarms->add_option("--limit", alarms_.limit, "how many at most")->capture_default_str();
        alarms->add_flag("--names", alarms_.names, "names only");
        alarms->add_option("--language", alarms_.language, kLanguageHelp);
        auto* stats = verb(*alarms, "stats", "key figures after ISA-18.2 beside what is recommended, and the worst ten",
                           [this] { return run_alarm_stats(global_, alarm_stats_); });
        stats->add_option("--area", alarm_stats_.area, "an area and all below it");
        stats->add_option("--language", alarm_stats_.language, kLanguageHelp);
        alarms->callback([this, stats] {
            if (!stats->parsed()) chosen_ = [this] { return run_alarms(global_, alarms_); };
        });

        using enum AlarmEvent;
        for (auto* const verb : {alarm_verb("ack", acknowledged, "acknowledge alarms"),
                                 alarm_verb("silence", silenced, "stop the sound; the alarms stay as they are")}) {
            verb->add_option("--area", alarm_action_.area, "all that stand there and below");
            verb->get_option("ALARM")->required(false);
        }
        alarm_verb("confirm", confirmed, "confirm that what was acknowledged and is over was dealt with");
        alarm_verb("reset", reset, "let go of a latched alarm whose condition is over");
        auto* shelve = alarm_verb("shelve", shelved, "put an alarm aside for a time; the plant's limits hold");
        shelve->add_option("--for", alarm_action_.duration, "as in 30m, 1h");
        shelve->add_flag("--once", alarm_action_.once, "until the alarm is over");
        alarm_verb("unshelve", unshelved, "take an alarm off the shelf");
        alarm_verb("out-of-service", taken_out, "take an alarm out of service, for maintenance");
        alarm_verb("in-service", put_back, "put an alarm back into service");
        auto* comment = action_verb("comment", commented, "say something of an alarm; it changes nothing");
        comment
            ->add_option_function<std::string>(
                "ALARM", [this](const std::string& word) { alarm_action_.targets = {word}; }, "its id or name")
            ->required();
        comment->add_option("TEXT", alarm_action_.comment, "the words")->required();
    }
    CLI::App* action_verb(const std::string& name, AlarmEvent action, const std::string& description) {
        return verb(app_, name, description, [this, action] {
            alarm_action_.action = action;
            return run_alarm_action(global_, alarm_action_);
        });
    }
    // With alarms, and a comment or reason.
    CLI::App* alarm_verb(const std::string& name, AlarmEvent action, const std::string& description) {
        auto* added = action_verb(name, action, description);
        added->add_option("ALARM", alarm_action_.targets, "ids or names")->required();
        added->add_option("--comment,--reason", alarm_action_.comment, "for those who come after");
        return added;
    }

    void add_memory_verbs() {
        const std::string time_help = "ISO 8601, or before now as in -5m";
        auto* history = verb(app_, "history", "what a tag's values were: the last hour, up to now",
                             [this] { return run_history(global_, history_); });
        history->add_option("TAG", history_.tag, "name")->required();
        history->add_option("--from", history_.from, time_help);
        history->add_option("--to", history_.to, time_help);
        history->add_option("--aggregate", history_.aggregate, "one row an interval: average, minimum, maximum, count ...");
        history->add_option("--interval", history_.interval, "of the aggregate, as in 1m");
        history->add_option("--csv", history_.csv, "write CSV to this file, or to standard output: -");
        history->add_flag("--plot", history_.plot, "draw it on the terminal");
        history->add_option("--historian", history_.historian, "which of the tag's historians answers");
        history->add_option("--limit", history_.limit, "rows at most");

        auto* logs =
            verb(app_, "logs", "what people and the server did, newest last", [this] { return run_logs(global_, logs_); });
        logs->add_option("--from", logs_.from, time_help);
        logs->add_option("--to", logs_.to, time_help);
        logs->add_option("--kind", logs_.kinds, "as in write_asked; may be repeated");
        logs->add_option("--area", logs_.area, "an area and all below it");
        logs->add_option("--user", logs_.user, "who did it");
        logs->add_option("--object", logs_.object, "a tag, device, historian ...");
        logs->add_option("--text", logs_.text, "contained in the sentence");
        logs->add_option("--limit", logs_.limit, "how many, the newest")->capture_default_str();
        logs->add_flag("--follow", logs_.follow, "go on with new ones until Ctrl-C");

        auto* journal = verb(app_, "journal", "how the plant's memory is", [this] { return run_journal(global_, journal_); });
        journal->add_flag("--verify", journal_.verify, "read and check every record");
        journal->add_option("--data", journal_.data, "the data folder of a server that does not run; only read");

        auto* backup = verb(app_, "backup", "have the server write a copy of everything that must survive",
                            [this] { return run_backup(global_, backup_); });
        backup->add_option("FILE", backup_.file, "to make, on the server's machine")->required();

        auto* restore = verb(app_, "restore", "fill an empty data folder from a backup; no server runs on it",
                             [this] { return run_restore(global_, restore_); });
        restore->add_option("FILE", restore_.file, "made by backup")->required();
        restore->add_option("--data", restore_.data, "the folder to fill: new, or empty")->required();
    }

    void add_completion() {
        auto* completion = verb(app_, "completion", "a completion script: source <(penstock completion bash)",
                                [this] { return run_completion(app_, shell_); });
        completion->add_option("SHELL", shell_, "bash")->default_val("bash")->check(CLI::IsMember({"bash"}));
    }

    void read_settings(const std::vector<std::string>& texts) {
        for (const auto& text : texts)
            if (const auto added = check_.params.add(text); !added) throw CLI::ValidationError("--set", added.error().text());
    }

    // The deepest verb that was recognised: its words are what the user may have meant.
    CLI::App& reached() {
        auto* at = &app_;
        while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
        return *at;
    }

    int usage(const CLI::ParseError& error, int argc, char** argv) {
        auto& at = reached();
        std::string sentence = error.what();
        if (const auto word = unknown_word(at, argc, argv); !word.empty()) {
            const bool is_option = word.starts_with('-');
            sentence = (is_option ? "there is no option \"" : "there is no verb \"") + printable(word) + '"';
            const auto hint = base::did_you_mean(word, is_option ? options_of(at) : verbs_of(at));
            if (!hint.empty()) sentence += "; " + hint;
        }
        std::fprintf(stderr, "penstock: %s\npenstock: see %s --help\n", sentence.c_str(), path_of(at).c_str());
        return kUsage;
    }

    // The first word that is neither an option of `at` (or of a verb above it) nor, where verbs are wanted, a verb.
    std::string unknown_word(CLI::App& at, int argc, char** argv) {
        const auto known = verbs_of(at);
        for (int i = 1; i < argc; ++i) {
            const std::string word = argv[i];
            if (word == "--") return {};
            if (word.size() > 1 && word.starts_with('-')) {
                const auto name = word.substr(0, word.find('='));
                const auto* option = at.get_option_no_throw(name);
                if (option == nullptr) option = app_.get_option_no_throw(name);
                if (option == nullptr) return name;
                if (option->get_expected_max() > 0 && name == word) ++i;  // its value, which may begin with - as in --from -5m
            } else if (&at == &app_ || at.get_name() == "new" || at.get_name() == "alarms") {
                const bool is_path = &at != &app_ && word == at.get_name();
                if (!is_path && std::ranges::find(known, word) == known.end()) return word;
            }
        }
        return {};
    }

    static std::vector<std::string> verbs_of(const CLI::App& at) {
        std::vector<std::string> words;
        for (const auto* verb : at.get_subcommands([](const CLI::App*) { return true; })) words.push_back(verb->get_name());
        return words;
    }
    std::vector<std::string> options_of(const CLI::App& at) const {
        std::vector<std::string> words;
        for (const auto* app : {&at, &app_})
            for (const auto* option : app->get_options())
                for (const auto& name : option->get_lnames()) words.push_back("--" + name);
        return words;
    }
    std::string path_of(const CLI::App& at) const {
        return &at == &app_ ? "penstock" : path_of(*at.get_parent()) + ' ' + at.get_name();
    }

    CLI::App app_{"Penstock: look at a plant and act on it", "penstock"};
    GlobalOptions global_;
    NewSiteOptions new_site_;
    CheckOptions check_;
    SchemaOptions schema_;
    PluginsOptions plugins_;
    TagsOptions tags_;
    ReadOptions read_;
    WatchOptions watch_;
    WriteOptions write_;
    ExplainOptions explain_;
    HistoryOptions history_;
    LogsOptions logs_;
    AlarmsOptions alarms_;
    AlarmStatsOptions alarm_stats_;
    AlarmActionOptions alarm_action_;
    JournalOptions journal_;
    BackupOptions backup_;
    RestoreOptions restore_;
    std::string shell_;
    Run chosen_;
};

}  // namespace

int run(int argc, char** argv) {
    try {
        return CommandLine().run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "penstock: %s\n", error.what());
        return kRefused;
    }
}

}  // namespace penstock::cli
