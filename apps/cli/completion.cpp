#include "apps/cli/completion.hpp"

#include <CLI/CLI.hpp>

#include "apps/cli/exit_code.hpp"
#include "apps/cli/text.hpp"

namespace penstock::cli {
namespace {

std::string options_of(const CLI::App& app) {
    std::string words;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) words += " --" + name;
    return words;
}

std::string verbs_of(const CLI::App& app) {
    std::string words;
    for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) words += ' ' + verb->get_name();
    return words;
}

// What may stand behind a verb, as the body of a bash case.
std::string words_behind(const CLI::App& app, const CLI::App& verb) {
    std::string body = "    " + verb.get_name() + ") words=\"" + verbs_of(verb) + options_of(verb) + options_of(app) + "\"";
    for (const auto* option : verb.get_options()) {
        if (option->get_name() == "TAG" || option->get_name() == "PATTERN") body += "; wants=tags";
        if (option->get_name() == "ALARM") body += "; wants=alarms";
        if (option->get_name() == "SITE" || option->get_name() == "FOLDER" || option->get_name() == "PATH"
            || option->get_name() == "FILE")
            body += "; wants=files";
    }
    return body + " ;;\n";
}

}  // namespace

int run_completion(const CLI::App& app, const std::string&) {
    std::string cases;
    for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) cases += words_behind(app, *verb);
    print("# Completion for penstock. Use it: source <(penstock completion bash)\n"
          "_penstock() {\n"
          "  local cur=${COMP_WORDS[COMP_CWORD]} verb='' words='' wants='' i\n"
          "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "    case ${COMP_WORDS[i]} in --server) ((i++)) ;; -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac\n"
          "  done\n"
          "  case $verb in\n"
          "    '') words=\"" + verbs_of(app) + options_of(app) + "\" ;;\n" + cases +
          "  esac\n"
          "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "  case $wants in\n"
          "    tags) COMPREPLY+=($(compgen -W \"$(\"${COMP_WORDS[0]}\" tags \"$cur*\" --names 2>/dev/null)\" -- \"$cur\")) ;;\n"
          "    alarms) COMPREPLY+=($(compgen -W \"$(\"${COMP_WORDS[0]}\" alarms --names 2>/dev/null)\" -- \"$cur\")) ;;\n"
          "    files) COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n"
          "  esac\n"
          "}\n"
          "complete -F _penstock penstock\n");
    return kDone;
}

}  // namespace penstock::cli
