#include "core/site/types/instances.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"
#include "core/site/tag_checker.hpp"
#include "core/site/types/overrides.hpp"

namespace penstock::site {
namespace {

constexpr std::size_t kMaxInstances = 1'000'000;

std::string place_of(const JsonView& json) {
    const Place place = json.place();
    return json.source().name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// The values of an instance's parameters, in the order of its type's.
class ParameterReader {
public:
    ParameterReader(TypeInstance& instance, FaultList& faults) : instance_(instance), type_(*instance.type), faults_(faults) {}

    [[nodiscard]] bool read() {
        const JsonView with = instance_.object.find("with");
        for (const JsonView given : with) check_name(given);
        for (const TypeParameter& parameter : type_.parameters) take(parameter, with.find(parameter.name));
        instance_.values.emplace_back(instance_.name);
        return is_fine_;
    }

private:
    void check_name(const JsonView& given) {
        std::vector<std::string_view> names;
        for (const TypeParameter& parameter : type_.parameters) {
            if (parameter.name == given.key()) return;
            names.push_back(parameter.name);
        }
        add_key_fault(faults_, given, "the type " + in_quotes(type_.name) + " has no parameter " + in_quotes(given.key()),
                      base::did_you_mean(given.key(), names));
        is_fine_ = false;
    }
    void take(const TypeParameter& parameter, const JsonView& given) {
        const auto value = given.exists() ? param_value_of(given) : parameter.otherwise;
        if (value && fits(parameter.kind, *value)) {
            instance_.values.push_back(*value);
            return;
        }
        is_fine_ = false;
        const std::string wants = std::string(wanted(parameter.kind)) + ", as " + place_of(parameter.at) + " says";
        if (given.exists())
            add_fault(faults_, given,
                      "the parameter " + in_quotes(parameter.name) + " is " + given.found() + "; wanted " + wants);
        else
            add_fault(faults_, instance_.object,
                      "the parameter " + in_quotes(parameter.name) + " of the type " + in_quotes(type_.name)
                          + " is missing; wanted " + wants);
    }

    TypeInstance& instance_;
    const Type& type_;
    FaultList& faults_;
    bool is_fine_ = true;
};

class InstanceWriter {
public:
    InstanceWriter(LoadContext& context, TagChecker& checker) : context_(context), faults_(context.faults), checker_(checker) {}

    void add(const JsonView& object) {
        if (!check_object(object, instance_format(), faults_) || !check_name(object)) {
            context_.knows_all_tags = false;
            return;
        }
        TypeInstance instance;
        instance.name = object.find("name").text();
        instance.was = object.find("was").text();
        instance.object = object;
        instance.device = object.find("device");
        instance.area = object.find("area");
        instance.archive = object.find("archive");
        if (const JsonView own = object.find("override"); own.exists()) instance.overrides.push_back(own);
        instance.place = {keep(std::string(instance.name) + " (" + place_of(object) + ")"), &object.source()};
        put(std::move(instance));
    }

private:
    bool check_name(const JsonView& object) {
        const JsonView name = object.find("name");
        const std::string fault = name_fault(name.text());
        if (!fault.empty()) {
            add_fault(faults_, name, "the instance's name " + in_quotes(name.text()) + " " + fault);
            return false;
        }
        const auto number = static_cast<std::uint32_t>(context_.instances.size());
        const std::uint32_t first = context_.instance_names.insert(name.text(), number);
        if (first == NameTable::kNone) return true;
        const bool is_known = first < context_.instances.size();
        add_fault(faults_, name,
                  "the instance " + in_quotes(name.text()) + " is here a second time"
                      + (is_known ? "; the first is at " + place_of(context_.instances[first].object) : ""));
        return false;
    }

    // All that it consists of; `prepared`: name, place and what its members take over.
    void put(TypeInstance prepared) {
        if (!find_type(prepared) || !has_room(prepared)) {
            context_.knows_all_tags = false;
            return;
        }
        TypeInstance& instance = context_.instances.emplace_back(std::move(prepared));
        check_overrides(instance, faults_);
        if (!ParameterReader(instance, faults_).read()) {
            context_.knows_all_tags = false;
            return;
        }
        const FaultList::OfInstance scope(faults_, &instance.place);
        for (const TypeMember& member : instance.type->members) {
            if (member.is_instance)
                put_instance(member, instance);
            else
                put_tag(member, instance);
        }
        if (!instance.type->alarms.empty()) context_.type_alarms.push_back(&instance);
    }

    bool find_type(TypeInstance& instance) {
        const JsonView of = instance.object.find("of");
        const auto found = context_.types.find(of.text());
        if (found == context_.types.end()) {
            report_unknown_type(of, context_);
            return false;
        }
        instance.type = &found->second;
        return found->second.is_sound;
    }
    bool has_room(const TypeInstance& instance) {
        if (context_.instances.size() < kMaxInstances) return true;
        if (!std::exchange(is_full_, true))
            add_fault(faults_, instance.object, "a site has at most " + std::to_string(kMaxInstances) + " instances of types");
        return false;
    }

    void put_instance(const TypeMember& member, const TypeInstance& around) {
        made_.clear();
        put_down(member.what, around, context_, made_);
        const JsonView object = context_.composites.emplace_back(made_.take())->root();
        if (!check_object(object, nested_instance_format(), faults_)) {
            context_.knows_all_tags = false;
            return;
        }
        const auto own_or = [&object](std::string_view key, const JsonView& otherwise) {
            const JsonView own = object.find(key);
            return own.exists() ? own : otherwise;
        };
        TypeInstance instance;
        instance.name = keep(std::string(around.name) + "." + std::string(member.name));
        instance.object = object;
        instance.device = own_or("device", around.device);
        instance.area = own_or("area", around.area);
        instance.archive = own_or("archive", around.archive);
        instance.was = former_name(object.find("was").text(), member, around);
        instance.overrides = overrides_of_member(around, member.name);
        if (const JsonView own = object.find("override"); own.exists()) instance.overrides.push_back(own);
        const std::string_view where = around.place.text.substr(around.name.size());  // " (tags/pumps.json:4:3)"
        instance.place = {keep(std::string(instance.name) + std::string(where)), around.place.source};
        put(std::move(instance));
    }

    void put_tag(const TypeMember& member, const TypeInstance& instance) {
        made_.clear();
        put_down(member.what, instance, context_, made_);
        std::string overridden;
        const auto overrides = overrides_of_member(instance, member.name);
        if (!overrides.empty()) {
            overridden = merge(made_.root(), overrides, &member_format(), instance, context_, merged_);
            std::swap(made_, merged_);
        }
        complete(member, instance);
        read_json_tag(made_.root(), draft_, faults_);
        draft_.instance = &instance.place;
        draft_.overridden = keep(overridden);
        checker_.add(draft_);
        if (draft_.has(TagKey::expression))
            context_.composites.push_back(made_.take());  // read once more, when all tags are known
    }

    // What a member of the instance has without its type saying so.
    void complete(const TypeMember& member, const TypeInstance& instance) {
        const JsonView object = made_.root();
        const bool has_address = object.find("address").exists();
        const bool wants_device = has_address && instance.device.exists() && !object.find("device").exists();
        const bool wants_area = instance.area.exists() && !object.find("area").exists();
        const bool wants_archive = instance.archive.exists() && !object.find("archive").exists();
        const JsonView own_was = object.find("was");
        const std::string_view was = former_name(own_was.text(), member, instance);
        if (own_was.is_text()) made_.set(own_was.index(), was);
        made_.reopen(0);
        made_.text("name", keep(std::string(instance.name) + "." + std::string(member.name)), member.what.json);
        if (wants_device) made_.copy(instance.device);
        if (wants_area) made_.copy(instance.area);
        if (wants_archive) made_.copy(instance.archive);
        if (!was.empty() && !own_was.exists()) made_.text("was", was, instance.object);
        made_.close();
    }
    // "" where neither the member nor what is around it was called otherwise.
    std::string_view former_name(std::string_view own, const TypeMember& member, const TypeInstance& around) {
        if (own.empty() && around.was.empty()) return {};
        return keep(std::string(around.was.empty() ? around.name : around.was) + "."
                    + std::string(own.empty() ? member.name : own));
    }
    std::string_view keep(std::string_view text) { return context_.content.made_texts.keep(text); }

    LoadContext& context_;
    FaultList& faults_;
    TagChecker& checker_;
    JsonComposite made_, merged_;
    TagDraft draft_;
    bool is_full_ = false;
};

}  // namespace

void add_instance(const JsonView& object, LoadContext& context, TagChecker& checker) {
    InstanceWriter(context, checker).add(object);
}

}  // namespace penstock::site
