#include "core/site/params.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/suggest.hpp"
#include "core/site/site_folder.hpp"

namespace penstock::site {
namespace {

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::string place_of(const JsonView& at) {
    const Place place = at.place();
    return at.document()->source().name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

bool is_whole(const JsonView& value) { return value.kind() == JsonKind::integer || value.kind() == JsonKind::unsigned_integer; }
bool is_allowed(const JsonView& value) { return value.is_text() || value.is_number(); }

}  // namespace

Result<void> Params::add(std::string_view setting) {
    const auto equals = setting.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return fail(ErrorCode::invalid_argument, '"' + std::string(setting) + "\" is not NAME=VALUE");
    set.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    return {};
}

ParamTable::ParamTable(const Params& params, FaultList& faults) {
    for (const auto& [name, value] : params.set) {
        if (Setting* const earlier = find(name))
            earlier->text = value;
        else
            settings_.push_back({name, value, {}, false});
    }
    if (!params.overlay.empty()) read_overlay(params.overlay, faults);
}

void ParamTable::read_overlay(const std::filesystem::path& path, FaultList& faults) {
    auto source = read_user_file(path, faults);
    if (!source) return;
    overlay_ = JsonDocument::parse(std::move(source), faults);
    if (!overlay_) return;
    const JsonView root = overlay_->root();
    if (!root.is_object()) {
        add_fault(faults, root, "found " + root.found() + "; wanted an object of parameters, {\"NAME\": \"VALUE\"}");
        return;
    }
    for (const JsonView member : root) {
        if (!is_allowed(member)) {
            add_fault(faults, member,
                      "the parameter " + in_quotes(member.key()) + " is " + member.found() + "; wanted a text or a number");
        } else if (find(member.key()) == nullptr) {
            settings_.push_back({std::string(member.key()), {}, member, false});
        }
    }
}

ParamTable::Setting* ParamTable::find(std::string_view name) noexcept {
    const auto found = std::ranges::find(settings_, name, &Setting::name);
    return found == settings_.end() ? nullptr : &*found;
}

void ParamTable::apply(JsonDocument& document, FaultList& faults) {
    for (const JsonView& object : document.param_objects()) {
        if (object.is_object()) apply_one(document, object, faults);
    }
}

void ParamTable::apply_one(JsonDocument& document, const JsonView& object, FaultList& faults) {
    static constexpr std::string_view kKeys[] = {"param", "default"};
    const JsonView name = object.find("param");
    const JsonView otherwise = object.find("default");
    bool is_fine = true;
    for (const JsonView member : object) {
        if (std::ranges::find(kKeys, member.key()) != std::end(kKeys)) continue;
        add_key_fault(faults, member, "the key " + in_quotes(member.key()) + " is unknown in a parameter",
                      base::did_you_mean(member.key(), kKeys));
        is_fine = false;
    }
    if (!name.is_text() || name.text().empty()) {
        add_fault(faults, name, "\"param\" is " + name.found() + "; wanted the parameter's name");
        is_fine = false;
    }
    if (otherwise.exists() && !is_allowed(otherwise)) {
        add_fault(faults, otherwise, "\"default\" is " + otherwise.found() + "; wanted a text or a number");
        is_fine = false;
    }
    if (is_fine) {
        known_.emplace_back(name.text());
        Setting* const setting = find(name.text());
        if (setting != nullptr) {
            setting->is_used = true;
            if (setting->overlay.exists()) return put_overlay(document, object, otherwise, *setting, faults);
            return put_text(document, object, otherwise, *setting, faults);
        }
        if (!otherwise.exists()) {
            add_fault(faults, object, "the parameter " + in_quotes(name.text()) + " has no default and is not set",
                      "set it by --set " + std::string(name.text()) + "=VALUE");
            is_fine = false;
        }
    }
    if (!is_fine) faults.mute(document.source(), object.offset());
    if (otherwise.exists() && is_allowed(otherwise))
        document.replace_with_scalar(object, otherwise);
    else
        document.replace_with_text(object, {});
}

void ParamTable::put_text(JsonDocument& document, const JsonView& object, const JsonView& otherwise, const Setting& setting,
                          FaultList& faults) const {
    if (!otherwise.exists() || otherwise.is_text()) return document.replace_with_text(object, setting.text);
    std::int64_t integer = 0;
    double number = 0;
    if (is_whole(otherwise) && parse_whole(setting.text, integer)) return document.replace_with_integer(object, integer);
    if (otherwise.kind() == JsonKind::number && parse_whole(setting.text, number) && std::isfinite(number)) {
        return document.replace_with_number(object, number);
    }
    faults.add_file("--set", setting.name + " is " + in_quotes(setting.text) + "; wanted "
                                 + (is_whole(otherwise) ? "a whole number" : "a number") + " as its default at "
                                 + place_of(otherwise));
    document.replace_with_scalar(object, otherwise);
}

void ParamTable::put_overlay(JsonDocument& document, const JsonView& object, const JsonView& otherwise, const Setting& setting,
                             FaultList& faults) const {
    const JsonView& value = setting.overlay;
    const bool fits = !otherwise.exists() || (otherwise.is_text() && value.is_text())
                      || (is_whole(otherwise) && is_whole(value))
                      || (otherwise.kind() == JsonKind::number && value.is_number());
    if (!fits) {
        add_fault(faults, value,
                  "the parameter " + in_quotes(setting.name) + " is " + value.found() + "; wanted "
                      + (otherwise.is_text()   ? "a text"
                         : is_whole(otherwise) ? "a whole number"
                                               : "a number")
                      + " as its default at " + place_of(otherwise));
        return document.replace_with_scalar(object, otherwise);
    }
    if (value.is_text()) return document.replace_with_text(object, std::string(value.text()));
    if (value.kind() == JsonKind::integer) return document.replace_with_integer(object, value.integer());
    document.replace_with_number(object, value.number());
}

void ParamTable::report_unused(FaultList& faults) const {
    for (const Setting& setting : settings_) {
        if (setting.is_used) continue;
        std::string message = "no file of the site has a parameter " + in_quotes(setting.name);
        std::string hint = base::did_you_mean(setting.name, known_);
        if (setting.overlay.exists())
            add_key_fault(faults, setting.overlay, std::move(message), std::move(hint));
        else
            faults.add_file("--set", std::move(message), std::move(hint));
    }
}

}  // namespace penstock::site
