#pragma once

// In which of a site's languages a station reads.

#include <span>
#include <string>

#include <penstock/result.hpp>

namespace penstock::client {

struct LanguageWish {
    std::string asked;  // when it was started: this one or none; "" = whatever fits
    std::string chosen;  // by the operator since: if the site has it
    std::string locale;  // of the environment, "de_CH.UTF-8"
};

// One of `site`, spelt as there: the operator's; else the one that was asked for, letters without case; else the one that fits the
// environment best ("de_CH": de-CH, then de, then another German); else the first. Error not_found: the one that was asked for is not
// among them. `site` is not empty, or the answer is "".
[[nodiscard]] Result<std::string> choose_language(std::span<const std::string> site, const LanguageWish& wish);

// What the environment says of messages: LC_ALL, LC_MESSAGES, LANG, the first that says something.
[[nodiscard]] std::string locale_of_environment();

}  // namespace penstock::client
