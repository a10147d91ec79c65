// Texts in the site's languages, with placeholders.
#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/site/alarms/alarm_reader.hpp"

namespace penstock::site {
namespace {

constexpr std::string_view kPlaceholders[] = {"value", "limit", "unit", "tag", "alarm", "area"};

bool is_word(std::string_view text) {
    return !text.empty()
           && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; });
}

// What looks like a placeholder and is none would reach the operator as it is.
void check_placeholders(const JsonView& value, Placeholders placeholders, FaultList& faults) {
    const std::string_view text = value.text();
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) return;
        const std::string_view word = text.substr(open + 1, close - open - 1);
        const bool is_known = std::ranges::find(kPlaceholders, word) != std::end(kPlaceholders);
        if (!is_word(word) || (is_known && placeholders == Placeholders::filled_in)) continue;
        if (is_known) {
            add_fault(faults, value, "the text has a placeholder {" + std::string(word) + "}; here none is filled in");
            continue;
        }
        add_fault(faults, value, "the text has a placeholder {" + std::string(word) + "}, which is unknown",
                  base::did_you_mean(word, kPlaceholders));
    }
}

}  // namespace

void take_local_text(const JsonView& value, Placeholders placeholders, LoadContext& context,
                     std::span<std::string_view> texts) {
    const auto& languages = context.content.languages;
    if (value.is_text()) {
        texts.front() = value.text();
        return check_placeholders(value, placeholders, context.faults);
    }
    for (const JsonView text : value) {
        check_placeholders(text, placeholders, context.faults);
        const auto language = std::ranges::find(languages, text.key());
        if (language != languages.end())
            texts[static_cast<std::size_t>(language - languages.begin())] = text.text();
        else if (context.knows_settings)
            add_key_fault(context.faults, text, in_quotes(text.key()) + " is none of the site's languages",
                          base::did_you_mean(text.key(), std::span<const std::string>(languages)));
    }
    if (texts.front().empty() && context.knows_settings)
        add_fault(context.faults, value,
                  "the text in " + in_quotes(languages.front()) + ", the site's first language, is missing");
}

}  // namespace penstock::site
