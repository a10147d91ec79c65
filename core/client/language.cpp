#include "core/client/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace penstock::client {
namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool are_same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, small, small); }

std::string_view without_region(std::string_view language) { return language.substr(0, language.find('-')); }

// "de_CH.UTF-8@euro" -> "de-CH"; "C" and "POSIX" are no languages.
std::string language_of(std::string_view locale) {
    std::string language(locale.substr(0, locale.find_first_of(".@")));
    std::ranges::replace(language, '_', '-');
    return language == "C" || language == "POSIX" ? std::string() : language;
}

template <class Fits>
const std::string* first(std::span<const std::string> site, Fits fits) {
    const auto found = std::ranges::find_if(site, fits);
    return found == site.end() ? nullptr : &*found;
}

const std::string* fitting(std::span<const std::string> site, const std::string& wanted) {
    if (wanted.empty()) return nullptr;
    const auto is = [](std::string_view what) { return [what](const std::string& each) { return are_same(each, what); }; };
    if (const auto* exact = first(site, is(wanted))) return exact;
    const auto plain = without_region(wanted);
    if (const auto* same = first(site, is(plain))) return same;
    return first(site, [&](const std::string& each) { return are_same(without_region(each), plain); });
}

Error none_such(std::span<const std::string> site, const std::string& asked) {
    auto sentence = "the site has no texts in \"" + asked + "\"; it has";
    for (const auto& each : site) sentence += (&each == &site.front() ? " " : ", ") + each;
    return {ErrorCode::not_found, std::move(sentence)};
}

}  // namespace

Result<std::string> choose_language(std::span<const std::string> site, const LanguageWish& wish) {
    const auto is = [](const std::string& what) { return [&what](const std::string& each) { return are_same(each, what); }; };
    if (!wish.chosen.empty())
        if (const auto* chosen = first(site, is(wish.chosen))) return *chosen;
    if (!wish.asked.empty()) {
        const auto* asked = first(site, is(wish.asked));
        if (asked == nullptr) return std::unexpected(none_such(site, wish.asked));
        return *asked;
    }
    if (const auto* fits = fitting(site, language_of(wish.locale))) return *fits;
    return site.empty() ? std::string() : site.front();
}

std::string locale_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
    return {};
}

}  // namespace penstock::client
