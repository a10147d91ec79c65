// types/*.json
#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/expressions/calculation_order.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"
#include "core/site/types/type_table.hpp"

namespace penstock::site {
namespace {

TypeParameter::Kind kind_of(std::string_view word) noexcept {
    if (word == "string") return TypeParameter::Kind::text;
    if (word == "number") return TypeParameter::Kind::number;
    return word == "boolean" ? TypeParameter::Kind::boolean : TypeParameter::Kind::any;
}

TypeParameter::Kind kind_of(const ParamValue& value) noexcept {
    if (std::holds_alternative<std::string_view>(value)) return TypeParameter::Kind::text;
    return is_number(value) ? TypeParameter::Kind::number : TypeParameter::Kind::boolean;
}

class TypeReader {
public:
    TypeReader(Type& type, FaultList& faults) : type_(type), faults_(faults) {}

    // Precondition: the file as a whole has its shape.
    void read() {
        for (const JsonView parameter : type_.root.find("parameters")) read_parameter(parameter);
        type_.names.push_back(kInstanceName);
        for (const JsonView member : type_.root.find("members")) read_member_name(member);
        for (TypeMember& member : type_.members) read_member(member);
        for (const JsonView alarm : type_.root.find("alarms")) read_alarm(alarm);
        type_.screen = type_.root.find("screen");
    }

private:
    void read_parameter(const JsonView& json) {
        if (!is_parameter_name(json.key()))
            add_key_fault(faults_, json,
                          "the parameter's name " + in_quotes(json.key()) + " is no word of letters, digits and _");
        if (json.key() == kInstanceName)
            add_key_fault(faults_, json, "the parameter \"instance\" is there already: it is the instance's name");
        const JsonView otherwise = json.find("default");
        TypeParameter parameter{json.key(), kind_of(json.find("type").text()), param_value_of(otherwise), json};
        if (parameter.otherwise && !fits(parameter.kind, *parameter.otherwise))
            add_fault(faults_, otherwise,
                      "\"default\" is " + otherwise.found() + "; wanted " + std::string(wanted(parameter.kind)));
        if (parameter.otherwise && parameter.kind == TypeParameter::Kind::any) parameter.kind = kind_of(*parameter.otherwise);
        type_.names.push_back(parameter.name);
        type_.parameters.push_back(parameter);
    }

    void read_member_name(const JsonView& json) {
        const std::string fault = name_fault(json.key());
        if (!fault.empty()) add_key_fault(faults_, json, "the member's name " + in_quotes(json.key()) + " " + fault);
        if (json.key() == "alarms")
            add_key_fault(faults_, json, "no member can be called \"alarms\": an override names alarms by it");
        type_.members.push_back({json.key(), {json, {}}, nullptr, json.find("of").exists()});
    }
    void read_member(TypeMember& member) {
        const SubtreeKind kind = member.is_instance ? SubtreeKind::instance : SubtreeKind::tag;
        member.what = find_holes(member.what.json, kind, type_, faults_);
        check_keys(member.what, member.is_instance ? nested_instance_format() : member_format());
    }
    // What has placeholders is checked with each instance.
    void check_keys(const Subtree& member, const ObjectFormat& format) {
        for (const JsonView child : member.json) {
            const std::uint32_t begin = child.index() - member.json.index();
            const bool has_hole = std::ranges::any_of(
                member.holes, [&](const Hole& hole) { return hole.node >= begin && hole.node < begin + child.nodes(); });
            if (!has_hole || find_key(format, child.key()) == nullptr) check_member(child, format, faults_);
        }
        check_missing(member.json, format, faults_);
    }

    void read_alarm(const JsonView& json) {
        const std::string_view name = json.find("name").text();
        const auto has_name = [name](const Subtree& other) { return other.json.find("name").text() == name; };
        if (std::ranges::any_of(type_.alarms, has_name))
            add_fault(faults_, json.find("name"), "the alarm " + in_quotes(name) + " is in this type a second time");
        type_.alarms.push_back(find_holes(json, SubtreeKind::alarm, type_, faults_));
    }

    Type& type_;
    FaultList& faults_;
};

void load_type(LoadContext& context, const Entry& file) {
    const std::string name = stem_of(file, "type", context.faults);
    if (name.empty()) return;
    const JsonDocument* const document = context.read_json(file.name);
    add_type(name, document == nullptr ? JsonView() : document->root(), context);
}

// Members that are instances find their types, and those that contain themselves are named.
class TypeLinker {
public:
    explicit TypeLinker(LoadContext& context) : context_(context), faults_(context.faults) {
        for (auto& [name, type] : context.types) types_.push_back(&type);
    }
    void run() {
        std::vector<std::vector<std::uint32_t>> parts_of(types_.size());
        for (std::uint32_t number = 0; number < types_.size(); ++number) {
            for (TypeMember& member : types_[number]->members) {
                if (member.is_instance) link(member, *types_[number], parts_of[number]);
            }
        }
        const auto order = expressions::calculation_order(parts_of);
        for (const auto& cycle : order.cycles) report_cycle(cycle);
        for (std::uint32_t number = 0; number < types_.size(); ++number) check_level(*types_[number], order.level[number]);
    }

private:
    void link(TypeMember& member, Type& type, std::vector<std::uint32_t>& parts) {
        const JsonView of = member.what.json.find("of");
        if (!of.is_text() || of.text().empty()) return;
        const auto found = context_.types.find(of.text());
        if (found != context_.types.end()) {
            member.type = &found->second;
            parts.push_back(static_cast<std::uint32_t>(std::ranges::find(types_, &found->second) - types_.begin()));
            return;
        }
        report_unknown_type(of, context_);
        type.is_sound = false;
    }
    void report_cycle(const std::vector<std::uint32_t>& cycle) {
        for (std::size_t first = 0; first < cycle.size(); ++first) {
            Type& type = *types_[cycle[first]];
            std::string way = type.name;
            for (std::size_t step = 1; step <= cycle.size(); ++step)
                way += " -> " + types_[cycle[(first + step) % cycle.size()]]->name;
            const Type* const next = types_[cycle[(first + 1) % cycle.size()]];
            const auto member = std::ranges::find(type.members, next, &TypeMember::type);
            add_fault(faults_, member->what.json.find("of"),
                      "the type " + in_quotes(type.name) + " contains itself: " + escaped(way));
        }
    }
    // Those in a cycle or around one have no level.
    void check_level(Type& type, std::uint32_t level) {
        if (level < kMaxTypeLevels) return;
        type.is_sound = false;
        if (level == kMaxTypeLevels)
            add_fault(faults_, type.root,
                      "the types in this one are nested deeper than " + std::to_string(kMaxTypeLevels) + " levels");
    }

    LoadContext& context_;
    FaultList& faults_;
    std::vector<Type*> types_;
};

}  // namespace

const TypeMember* Type::find(std::string_view member) const noexcept {
    const auto found = std::ranges::find(members, member, &TypeMember::name);
    return found == members.end() ? nullptr : &*found;
}

bool fits(TypeParameter::Kind kind, const ParamValue& value) noexcept {
    return kind == TypeParameter::Kind::any || kind == kind_of(value);
}

std::string_view wanted(TypeParameter::Kind kind) noexcept {
    switch (kind) {
        case TypeParameter::Kind::text: return "a text";
        case TypeParameter::Kind::number: return "a number";
        case TypeParameter::Kind::boolean: return "true or false";
        case TypeParameter::Kind::any: break;
    }
    return "a text, a number, true or false";
}

void report_unknown_type(const JsonView& of, LoadContext& context) {
    std::vector<std::string_view> names;
    for (const auto& [name, type] : context.types) names.push_back(name);
    add_fault(context.faults, of, "there is no type " + in_quotes(of.text()) + " in types/",
              base::did_you_mean(of.text(), names));
}

void add_type(const std::string& name, const JsonView& root, LoadContext& context) {
    Type& type = context.types[name];
    type.name = name;
    type.root = root;
    const std::size_t faults = context.faults.size();
    if (!root.exists() || !check_object(root, type_format(), context.faults)) return;
    TypeReader(type, context.faults).read();
    type.is_sound = context.faults.size() == faults;
}

void link_types(LoadContext& context) { TypeLinker(context).run(); }

void load_types(LoadContext& context, const std::vector<Entry>& files) {
    for (const Entry& file : files) load_type(context, file);
    link_types(context);
}

}  // namespace penstock::site
