// screens/*.json
#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>
#include <penstock/operations.hpp>

#include "core/base/sha256.hpp"
#include "core/base/suggest.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"

namespace penstock::site {
namespace {

using nlohmann::json;

class ScreenChecker {
public:
    explicit ScreenChecker(LoadContext& context) : context_(context), faults_(context.faults) {}

    void check(const JsonView& screen) {
        check_area(screen.find("area"));
        for (const JsonView widget : screen.find("widgets")) {
            if (widget.is_object()) check_widget(widget);
        }
    }

private:
    void check_area(const JsonView& area) {
        if (!area.is_text() || !context_.knows_settings || context_.has_area(area.text())) return;
        add_fault(faults_, area, "the area " + in_quotes(area.text()) + " is not in site.json",
                  base::did_you_mean(area.text(), std::span<const std::string>(context_.content.areas)));
    }

    void check_widget(const JsonView& widget) {
        check_id(widget.find("id"));
        const JsonView type = widget.find("type");
        if (!type.is_text() || type.text().empty()) return check_tags(widget);
        const auto known = context_.widgets.find(type.text());
        if (known == context_.widgets.end()) {
            report_unknown_type(type);
            return check_tags(widget);
        }
        if (known->second.properties) check_properties(widget, *known->second.properties);
        check_bindings(widget, known->second.bindings);
    }

    void check_id(const JsonView& id) {
        if (!id.is_text() || id.text().empty()) return;
        const std::string fault = name_fault(id.text());
        if (!fault.empty()) return add_fault(faults_, id, "the widget's id " + in_quotes(id.text()) + " " + fault);
        const auto [first, is_new] = ids_.try_emplace(std::string(id.text()), id.place());
        if (is_new) return;
        add_fault(faults_, id,
                  "the id " + in_quotes(id.text()) + " is on this screen a second time; the first is at line "
                      + std::to_string(first->second.line) + ", column " + std::to_string(first->second.column));
    }

    void report_unknown_type(const JsonView& type) {
        if (!context_.knows_all_widgets) return;
        std::vector<std::string_view> names;
        for (const auto& [name, ignored] : context_.widgets) names.push_back(name);
        add_fault(faults_, type, "no plugin of site.json brings a widget type " + in_quotes(type.text()),
                  names.empty() ? "name a widget plugin in \"plugins\": {\"widget.basic\": {}}"
                                : base::did_you_mean(type.text(), names));
    }

    void check_properties(const JsonView& widget, const base::JsonSchema& schema) {
        const JsonView properties = widget.find("properties");
        if (properties.is_object()) {
            check_schema(schema, properties, faults_);
        } else if (!properties.exists()) {
            for (const base::SchemaFault& fault : schema.check(json::object()))
                add_fault(faults_, widget, fault.sentence, fault.hint);
        }
    }

    void check_bindings(const JsonView& widget, const json& known) {
        const JsonView bindings = widget.find("bindings");
        for (const JsonView binding : bindings) {
            const auto entry = known.find(std::string(binding.key()));
            if (entry == known.end())
                report_unknown_binding(binding, known, widget.find("type").text());
            else
                check_bound_tag(binding, *entry);
        }
        for (const auto& [name, entry] : known.items()) {
            if (!entry.value("required", false) || bindings.find(name).exists()) continue;
            add_fault(faults_, bindings.exists() ? bindings : widget,
                      "the binding \"" + name + "\" of a " + std::string(widget.find("type").text()) + " is missing");
        }
    }

    void report_unknown_binding(const JsonView& binding, const json& known, std::string_view type) {
        std::vector<std::string> names;
        for (const auto& [name, ignored] : known.items()) names.push_back(name);
        add_key_fault(faults_, binding, "a " + std::string(type) + " has no binding " + in_quotes(binding.key()),
                      base::did_you_mean(binding.key(), std::span<const std::string>(names)));
    }

    // Of a widget whose type is not known: its tags can be checked all the same.
    void check_tags(const JsonView& widget) {
        for (const JsonView binding : widget.find("bindings")) check_bound_tag(binding, json::object());
    }

    void check_bound_tag(const JsonView& binding, const json& rule) {
        if (!binding.is_text()) return;
        const std::uint32_t number = context_.tags.find(binding.text());
        if (number == NameTable::kNone) return report_unknown_tag(binding);
        const ValueType type = context_.content.tags[number].type;
        const json types = rule.value("types", json::array());
        if (type == ValueType::none || types.empty() || std::ranges::find(types, json(to_string(type))) != types.end()) return;
        std::string wanted_types;
        for (const json& word : types) {
            if (word.is_string()) wanted_types += (wanted_types.empty() ? "" : " or ") + word.get<std::string>();
        }
        add_fault(faults_, binding,
                  "the tag " + in_quotes(binding.text()) + " is of type " + std::string(to_string(type)) + "; the binding "
                      + in_quotes(binding.key()) + " wants " + wanted_types);
    }

    void report_unknown_tag(const JsonView& binding) {
        if (!context_.knows_all_tags) return;
        std::string hint;
        if (faults_.may_search()) {
            std::vector<std::string_view> names;
            for (const auto& tag : context_.content.tags) names.push_back(tag.name);
            hint = base::did_you_mean(binding.text(), names);
        }
        add_fault(faults_, binding, "there is no tag " + in_quotes(binding.text()), std::move(hint));
    }

    LoadContext& context_;
    FaultList& faults_;
    std::map<std::string, Place, std::less<>> ids_;
};

}  // namespace

void load_screen(LoadContext& context, const Entry& file) {
    const std::string name = stem_of(file, "screen", context.faults);
    const JsonDocument* const document = context.read_json(file.name);
    if (!name.empty()) {
        // Also of a faulty file: a reference to it is not a second fault.
        const std::string content = document == nullptr ? std::string() : canonical_json(document->root());
        context.content.documents.push_back({DefinitionKind::screen, name, content, base::sha256_hex(content)});
    }
    if (document == nullptr) return;
    check_object(document->root(), screen_format(), context.faults);
    ScreenChecker(context).check(document->root());
}

void check_start_screen(LoadContext& context) {
    const JsonView& choice = context.start_screen;
    if (!choice.is_text()) return;
    std::vector<std::string_view> names;
    for (const Document& document : context.content.documents) {
        if (document.kind != DefinitionKind::screen) continue;
        if (document.name == choice.text()) return;
        names.push_back(document.name);
    }
    add_fault(context.faults, choice,
              "there is no screen " + in_quotes(choice.text()) + " (screens/" + escaped(choice.text()) + ".json)",
              base::did_you_mean(choice.text(), names));
}

}  // namespace penstock::site
