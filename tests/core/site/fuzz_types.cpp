// Types and instances: two types, a line "---" behind each, and a tag file.
#include <cstdint>
#include <cstdlib>

#include "core/base/settings_document.hpp"
#include "core/site/load_context.hpp"
#include "core/site/tag_checker.hpp"
#include "tests/core/site/fake_plugins.hpp"

namespace penstock::site {
namespace {

std::string take_part(std::string& text) {
    constexpr std::string_view kEnd = "\n---\n";
    const std::size_t end = text.find(kEnd);
    std::string part = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + kEnd.size());
    return part;
}

JsonView parse(std::string name, std::string text, SiteContent& content, FaultList& faults) {
    auto document = JsonDocument::parse(std::make_shared<const SourceText>(std::move(name), std::move(text)), faults);
    return document ? content.json.emplace_back(std::move(document))->root() : JsonView();
}

void run(std::string text) {
    testing::FakePlugins plugins;
    SiteContent content;
    FaultList faults;
    LoadContext context(plugins, content, {}, faults);
    auto addresses = plugins.open_device("driver.modbus", base::SettingsDocument(), "plc1");
    if (addresses) context.devices["plc1"].addresses = *std::move(addresses);
    for (const std::string name : {"A", "B"})
        add_type(name, parse("types/" + name + ".json", take_part(text), content, faults), context);
    link_types(context);
    TagChecker checker(context);
    for (const JsonView instance : parse("tags/a.json", take_part(text), content, faults).find("tags"))
        add_instance(instance, context, checker);
    checker.finish();
    std::vector<std::unique_ptr<JsonDocument>> alarms;
    for (const TypeInstance* const instance : context.type_alarms) {
        alarms.push_back(expand_alarms(*instance, context));
        for (const JsonView alarm : alarms.back()->root()) add_fault(faults, alarm, canonical_json(alarm));
    }
    const std::size_t told = alarms.empty() && context.knows_all_tags ? faults.size() : 1;
    for (const auto& tag : content.tags) {
        if (told == 0 && tag.type == ValueType::none) std::abort();  // accepted, and yet unknown
    }
    for (const Fault& fault : faults.take()) {
        if (fault.text().empty()) std::abort();
    }
}

}  // namespace
}  // namespace penstock::site

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    penstock::site::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
