#include "core/base/schema_explainer.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include <nlohmann/json.hpp>

#include "core/base/suggest.hpp"

// JSON Schema draft-07, "Validation", sections 6.1 to 6.7.

namespace penstock::base {
namespace {

using Json = nlohmann::json;
using Faults = std::vector<SchemaFault>;

constexpr int kMaxDepth = 64;  // also ends a $ref that refers to itself

bool has_type(const Json& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    if (type == "integer") return value.is_number_integer();
    return true;  // unknown word: not ours to judge
}

std::string with_article(std::string_view type) {
    if (type == "integer") return "a whole number";
    if (type == "boolean") return "true or false";
    if (type == "string") return "a text";
    if (type == "null") return "null";
    return (type == "object" || type == "array" ? "an " : "a ") + std::string(type);
}

// What was found, short enough for a sentence.
std::string found(const Json& value) {
    constexpr std::size_t kMost = 60;
    if (value.is_object()) return value.empty() ? "an empty object" : "an object";
    if (value.is_array()) return value.empty() ? "an empty array" : "an array";
    auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= kMost) return text;
    auto cut = kMost;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // not inside a UTF-8 character
    return text.substr(0, cut) + "...\"";
}

std::string list_of(const Json& values) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + found(value);
    return list;
}

const Json* keyword(const Json& schema, const char* name) {
    const auto found_at = schema.find(name);
    return found_at == schema.end() ? nullptr : &*found_at;
}

// UTF-8 characters, which is what a schema's lengths count.
std::size_t length_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class Explainer {
public:
    Explainer(const Json& root, std::size_t most) : root_(&root), most_(most) {}

    void explain(const Json& schema, const Json& value, const std::string& at, int depth = 0) {
        if (faults_.size() >= most_ || depth > kMaxDepth) return;
        if (schema.is_boolean()) {
            if (!schema.get<bool>()) add(at, named(at) + " is not allowed here");
            return;
        }
        if (!schema.is_object()) return;
        if (const Json* ref = keyword(schema, "$ref")) {
            if (const Json* target = resolve(*ref)) explain(*target, value, at, depth + 1);
            return;
        }
        if (!explain_type(schema, value, at)) return;  // nothing else makes sense then
        explain_choice(schema, value, at);
        if (value.is_number()) explain_number(schema, value, at);
        if (value.is_string()) explain_string(schema, value, at);
        if (value.is_array()) explain_array(schema, value, at, depth);
        if (value.is_object()) explain_object(schema, value, at, depth);
        explain_combinations(schema, value, at, depth);
    }

    Faults take() { return std::move(faults_); }

private:
    void add(const std::string& at, std::string sentence, std::string hint = {}, bool at_key = false) {
        if (faults_.size() < most_) faults_.push_back({at, std::move(sentence), std::move(hint), at_key});
    }

    // "timeout_ms" for /devices/timeout_ms, "element 3 of items" for /items/3, "the document" for the whole.
    static std::string named(const std::string& at) {
        const auto slash = at.rfind('/');
        if (slash == std::string::npos) return "the document";
        auto last = at.substr(slash + 1);
        if (!last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; })) {
            const auto parent = at.substr(0, slash);
            return "element " + last + (parent.empty() ? "" : " of " + named(parent));
        }
        for (const auto& [escaped, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
            for (auto pos = last.find(escaped); pos != std::string::npos; pos = last.find(escaped, pos + 1))
                last.replace(pos, 2, plain);
        }
        return last;
    }

    const Json* resolve(const Json& ref) const {
        const auto* text = ref.get_ptr<const Json::string_t*>();
        if (text == nullptr || !text->starts_with('#')) return nullptr;
        try {
            const Json::json_pointer pointer(text->substr(1));
            return root_->contains(pointer) ? &(*root_)[pointer] : nullptr;
        } catch (const Json::exception&) {
            return nullptr;  // no pointer: valijson has words for it
        }
    }

    bool explain_type(const Json& schema, const Json& value, const std::string& at) {
        const Json* type = keyword(schema, "type");
        if (type == nullptr) return true;
        const Json types = type->is_array() ? *type : Json::array({*type});
        std::string wanted;
        for (const auto& word : types) {
            if (!word.is_string() || has_type(value, word.get_ref<const std::string&>())) return true;
            wanted += (wanted.empty() ? "" : " or ") + with_article(word.get_ref<const std::string&>());
        }
        add(at, named(at) + " is " + found(value) + "; wanted " + wanted);
        return false;
    }

    void explain_choice(const Json& schema, const Json& value, const std::string& at) {
        if (const Json* wanted = keyword(schema, "const"); wanted != nullptr && *wanted != value) {
            add(at, named(at) + " is " + found(value) + "; wanted " + found(*wanted));
        }
        const Json* choices = keyword(schema, "enum");
        if (choices == nullptr || !choices->is_array() || std::ranges::find(*choices, value) != choices->end()) return;
        std::vector<std::string_view> words;
        for (const auto& choice : *choices) {
            if (choice.is_string()) words.emplace_back(choice.get_ref<const std::string&>());
        }
        const bool has_nearest = value.is_string() && !nearest(value.get_ref<const std::string&>(), words).empty();
        add(at, named(at) + " is " + found(value) + "; wanted one of: " + list_of(*choices),
            has_nearest ? did_you_mean(value.get_ref<const std::string&>(), words) : std::string());
    }

    // "a number from 0 to 255", "a number above 0".
    static std::string range_of(const Json& schema) {
        std::string text = keyword(schema, "type") != nullptr && schema["type"] == "integer" ? "a whole number" : "a number";
        const Json* low = keyword(schema, "minimum");
        const Json* high = keyword(schema, "maximum");
        if (low != nullptr && high != nullptr) return text + " from " + low->dump() + " to " + high->dump();
        if (low != nullptr) text += " of at least " + low->dump();
        if (high != nullptr) text += " of at most " + high->dump();
        if (const Json* above = keyword(schema, "exclusiveMinimum")) text += " above " + above->dump();
        if (const Json* below = keyword(schema, "exclusiveMaximum")) text += " below " + below->dump();
        return text;
    }

    void explain_number(const Json& schema, const Json& value, const std::string& at) {
        const auto breaks = [&](const char* name, auto is_broken) {
            const Json* limit = keyword(schema, name);
            return limit != nullptr && limit->is_number() && is_broken(value, *limit);
        };
        if (breaks("minimum", std::less<>()) || breaks("maximum", std::greater<>())
            || breaks("exclusiveMinimum", std::less_equal<>()) || breaks("exclusiveMaximum", std::greater_equal<>())) {
            add(at, named(at) + " is " + found(value) + "; wanted " + range_of(schema));
        }
        const Json* step = keyword(schema, "multipleOf");
        if (step != nullptr && step->is_number()
            && std::fabs(std::remainder(value.get<double>(), step->get<double>())) > 1e-12) {
            add(at, named(at) + " is " + found(value) + "; wanted a multiple of " + step->dump());
        }
    }

    void explain_string(const Json& schema, const Json& value, const std::string& at) {
        const auto& text = value.get_ref<const std::string&>();
        explain_count(schema, at, "minLength", "maxLength", length_of(text), "characters");
        const Json* pattern = keyword(schema, "pattern");
        if (pattern == nullptr || !pattern->is_string()) return;
        if (std::regex_search(text, std::regex(pattern->get_ref<const std::string&>()))) return;
        const Json* described = keyword(schema, "description");
        add(at, named(at) + " is " + found(value) + "; wanted a text like " + pattern->get_ref<const std::string&>()
                    + (described != nullptr && described->is_string() ? " (" + described->get_ref<const std::string&>() + ")"
                                                                      : ""));
    }

    void explain_count(const Json& schema, const std::string& at, const char* least, const char* most, std::size_t count,
                       std::string_view unit) {
        const Json* low = keyword(schema, least);
        const Json* high = keyword(schema, most);
        const auto say = [&](std::string_view relation, const Json& limit) {
            add(at, named(at) + " has " + std::to_string(count) + ' ' + std::string(unit) + "; wanted " + std::string(relation)
                        + ' ' + limit.dump());
        };
        if (low != nullptr && low->is_number() && count < low->get<std::size_t>()) say("at least", *low);
        if (high != nullptr && high->is_number() && count > high->get<std::size_t>()) say("at most", *high);
    }

    void explain_array(const Json& schema, const Json& value, const std::string& at, int depth) {
        explain_count(schema, at, "minItems", "maxItems", value.size(), "elements");
        const Json* items = keyword(schema, "items");
        const Json* rest = keyword(schema, "additionalItems");
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto place = at;
            append_pointer(place, std::to_string(i));
            if (items != nullptr && !items->is_array())
                explain(*items, value[i], place, depth + 1);
            else if (items != nullptr && i < items->size())
                explain((*items)[i], value[i], place, depth + 1);
            else if (items != nullptr && rest != nullptr)
                explain(*rest, value[i], place, depth + 1);
        }
        if (const Json* unique = keyword(schema, "uniqueItems"); unique == nullptr || *unique != true) return;
        for (std::size_t i = 0; i < value.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                if (value[i] != value[k]) continue;
                auto place = at;
                append_pointer(place, std::to_string(i));
                add(place, named(place) + " is " + found(value[i]) + ", as element " + std::to_string(k)
                               + " is; wanted each only once");
                break;
            }
        }
    }

    void explain_object(const Json& schema, const Json& value, const std::string& at, int depth) {
        explain_count(schema, at, "minProperties", "maxProperties", value.size(), "keys");
        if (const Json* required = keyword(schema, "required"); required != nullptr && required->is_array()) {
            for (const auto& key : *required) {
                if (key.is_string() && !value.contains(key.get_ref<const std::string&>())) {
                    add(at, "the key \"" + key.get<std::string>() + "\" is missing" + (at.empty() ? "" : " in " + named(at)));
                }
            }
        }
        for (const auto& [key, member] : value.items()) explain_member(schema, key, member, at, depth);
    }

    void explain_member(const Json& schema, const std::string& key, const Json& member, const std::string& at, int depth) {
        auto place = at;
        append_pointer(place, key);
        bool is_known = false;
        const Json* properties = keyword(schema, "properties");
        if (properties != nullptr && properties->is_object() && properties->contains(key)) {
            is_known = true;
            explain((*properties)[key], member, place, depth + 1);
        }
        const Json* patterns = keyword(schema, "patternProperties");
        if (patterns != nullptr && patterns->is_object()) {
            for (const auto& [pattern, rule] : patterns->items()) {
                if (!std::regex_search(key, std::regex(pattern))) continue;
                is_known = true;
                explain(rule, member, place, depth + 1);
            }
        }
        const Json* names = keyword(schema, "propertyNames");
        if (names != nullptr) explain_name(*names, key, place, depth);
        const Json* rest = keyword(schema, "additionalProperties");
        if (is_known || rest == nullptr) return;
        if (*rest != false) return explain(*rest, member, place, depth + 1);
        std::vector<std::string_view> known;
        if (properties != nullptr && properties->is_object()) {
            for (const auto& item : properties->items()) known.emplace_back(item.key());
        }
        add(place, "the key \"" + key + "\" is unknown", did_you_mean(key, known), true);
    }

    void explain_name(const Json& rule, const std::string& key, const std::string& place, int depth) {
        const auto before = faults_.size();
        explain(rule, Json(key), place, depth + 1);
        if (faults_.size() == before) return;
        const std::string wanted = faults_[before].sentence;
        faults_.resize(before);
        const auto semicolon = wanted.find("; ");
        add(place, "the key \"" + key + "\" is not allowed" + (semicolon == std::string::npos ? "" : wanted.substr(semicolon)),
            {}, true);
    }

    // The faults against one branch alone.
    Faults faults_against(const Json& schema, const Json& value, const std::string& at, int depth) const {
        Explainer branch(*root_, most_);
        branch.explain(schema, value, at, depth + 1);
        return branch.take();
    }

    void explain_combinations(const Json& schema, const Json& value, const std::string& at, int depth) {
        if (const Json* all = keyword(schema, "allOf"); all != nullptr && all->is_array()) {
            for (const auto& part : *all) explain(part, value, at, depth + 1);
        }
        for (const char* name : {"anyOf", "oneOf"}) {
            if (const Json* branches = keyword(schema, name); branches != nullptr && branches->is_array())
                explain_branches(*branches, value, at, depth);
        }
    }

    // The branch that was meant is the one with the faults farthest inside, then the fewest; a mere mismatch of types says
    // nothing, so if all branches fail at the value itself, all that they want is listed.
    void explain_branches(const Json& branches, const Json& value, const std::string& at, int depth) {
        Faults best;
        std::string wanted;
        for (const auto& branch : branches) {
            auto against = faults_against(branch, value, at, depth);
            if (against.empty()) return;
            const bool is_inside = against.front().pointer != at || against.front().sentence.starts_with("the key");
            if (is_inside && (best.empty() || against.size() < best.size())) best = against;
            const auto semicolon = against.front().sentence.find("; wanted ");
            if (semicolon != std::string::npos)
                wanted += (wanted.empty() ? "" : ", or ") + against.front().sentence.substr(semicolon + 9);
        }
        if (!best.empty()) {
            for (auto& fault : best) add(fault.pointer, std::move(fault.sentence), std::move(fault.hint), fault.at_key);
        } else if (!wanted.empty()) {
            add(at, named(at) + " is " + found(value) + "; wanted " + wanted);
        }
    }

    const Json* root_;
    std::size_t most_;
    Faults faults_;
};

}  // namespace

Faults explain_schema_faults(const Json& schema, const Json& value, std::size_t most) {
    Explainer explainer(schema, most);
    explainer.explain(schema, value, "");
    return explainer.take();
}

void append_pointer(std::string& pointer, std::string_view step) {
    pointer += '/';
    for (const char c : step) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace penstock::base
