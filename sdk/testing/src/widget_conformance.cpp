#include <penstock/testing/widget_conformance.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <penstock/testing/json_settings.hpp>

#include "widget_schema.hpp"

namespace penstock::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A library without an instance of its own widgets: to ask what it holds.
class Library {
public:
    explicit Library(abi::Factory* factory) {
        abi::Fault fault;
        abi::Birth birth{};
        birth.interface_version = abi::kWidgetInterface;
        birth.settings = none_.node();
        birth.instance = abi::text("kit");
        guest_ = static_cast<abi::WidgetLibraryGuest*>(factory(birth, fault));
        if (guest_ == nullptr) throw std::invalid_argument("no widget library: " + std::string(fault.sentence()));
    }
    ~Library() { guest_->release(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    [[nodiscard]] abi::WidgetLibraryGuest& guest() const noexcept { return *guest_; }

private:
    JsonSettings none_;
    abi::WidgetLibraryGuest* guest_ = nullptr;
};

std::vector<std::string> bindings_of(const WidgetKit& kit) {
    const Library library(kit.factory);
    for (std::uint32_t i = 0; i < library.guest().type_count(); ++i) {
        if (library.guest().type(i).view() == kit.type)
            return detail::read_widget_schema(library.guest().type_schema(i).view()).bindings;
    }
    throw std::invalid_argument("the library has no widget \"" + kit.type + '"');
}

// What no frame may show, whatever is bound. `when` begins the sentence.
std::string fault_of(const Drawing& drawing, const std::string& when) {
    if (!drawing.fault.empty()) return when + " it throws: " + drawing.fault;
    if (!drawing.is_balanced) return when + " it leaves ImGui's stacks open";
    if (!drawing.is_inside) return when + " it draws beyond its rectangle";
    if (!drawing.is_described) return when + " it describes nothing; wanted frame.describe(what it shows)";
    if (!drawing.writes.empty()) return when + " it writes to " + drawing.writes.front().first + " though nobody asked for it";
    if (!drawing.navigations.empty()) return when + " it shows another screen though nobody asked for it";
    return {};
}

struct Case {
    std::string name;
    BoundTag tag;
};

BoundTag with_value(Value value) {
    BoundTag tag;
    tag.value = std::move(value);
    return tag;
}

std::vector<Case> values() {
    const auto largest = std::numeric_limits<std::uint64_t>::max();
    return {{"true", with_value(true)},
            {"false", with_value(false)},
            {"0", with_value(0)},
            {"42", with_value(42)},
            {"2^53+1", with_value(std::int64_t{9'007'199'254'740'993})},
            {"the least int", with_value(std::numeric_limits<std::int64_t>::min())},
            {"the largest uint", with_value(largest)},
            {"-0.0", with_value(-0.0)},
            {"a denormal", with_value(4.9e-324)},
            {"the largest double", with_value(std::numeric_limits<double>::max())},
            {"NaN", with_value(kNaN)},
            {"Infinity", with_value(std::numeric_limits<double>::infinity())},
            {"-Infinity", with_value(-std::numeric_limits<double>::infinity())},
            {"an empty text", with_value("")},
            {"64 KiB of text", with_value(std::string(kMaxValueBytes, 'w'))},
            {"bytes that are no UTF-8", with_value("\xFF\xC3\x28\xE2\x82")},
            {"several lines", with_value("one\ntwo\r\n\tthree")},
            {"format letters", with_value("%s %n 100 %")},
            {"an array", with_value(std::vector<double>{1.5, kNaN, -0.0})},
            {"texts", with_value(std::vector<std::string>{"a", ""})},
            {"no value", with_value(Value())}};
}

Case state(std::string name, QualityCode quality, bool found = true) {
    auto tag = with_value(21.5);
    tag.quality = quality;
    tag.found = found;
    tag.cause = quality == QualityCode::good ? "" : "the device did not answer within 1 s";
    return {std::move(name), std::move(tag)};
}

Case write(std::string name, abi::WriteState write_state, QualityCode quality = QualityCode::good) {
    auto made = state(std::move(name), quality);
    made.tag.write_state = write_state;
    made.tag.asked = 22.5;
    if (write_state != abi::WriteState::asked) made.tag.write_reason = "the pump is in local operation";
    return made;
}

std::vector<Case> states() {
    auto waiting = state("nothing has arrived yet", QualityCode::bad_waiting_for_initial, false);
    waiting.tag.value = Value();
    auto missing = state("the tag does not exist", QualityCode::bad_configuration, false);
    missing.tag.value = Value();
    auto unreadable = state("nobody may write", QualityCode::good);
    unreadable.tag.writable = false;
    auto unlimited = state("there is no range", QualityCode::good);
    unlimited.tag.range_low = unlimited.tag.range_high = kNaN;
    auto reversed = state("the range is upside down", QualityCode::good);
    std::swap(reversed.tag.range_low, reversed.tag.range_high);
    auto named = state("the tag's name has 255 bytes", QualityCode::good);
    named.tag.tag = "Wasser";
    while (named.tag.tag.size() < 252) named.tag.tag += "höhe";
    named.tag.unit = "µg/m³ (Mittel über eine Stunde)";
    return {state("the value is good", QualityCode::good),
            state("the value is uncertain", QualityCode::uncertain_range_exceeded),
            state("the value is bad", QualityCode::bad_timeout),
            std::move(waiting),
            std::move(missing),
            std::move(unreadable),
            std::move(unlimited),
            std::move(reversed),
            std::move(named),
            write("a write is asked", abi::WriteState::asked),
            write("a write is refused", abi::WriteState::refused),
            write("a write's outcome is unknown", abi::WriteState::unknown),
            write("a write is asked of a bad value", abi::WriteState::asked, QualityCode::bad_communication)};
}

// Draws each case, in every binding at once and in each alone; the first fault of a case is enough.
std::vector<std::string> draw_all(const WidgetKit& kit, const std::vector<Case>& cases, std::string_view word) {
    std::vector<std::string> faults;
    const auto bindings = bindings_of(kit);
    WidgetRig rig(kit);
    const auto note = [&](const Case& drawn) {
        for (int frame = 0; frame < 3; ++frame) {
            auto fault = fault_of(rig.draw(), std::string(word) + drawn.name);
            if (fault.empty()) continue;
            faults.push_back(std::move(fault));
            return;
        }
    };
    for (const auto& drawn : cases) {
        for (const auto& binding : bindings) rig.bind(binding, drawn.tag);
        note(drawn);
        for (const auto& binding : bindings) rig.unbind(binding);
        for (const auto& binding : bindings) {
            rig.bind(binding, drawn.tag);
            note(drawn);
            rig.unbind(binding);
        }
    }
    return faults;
}

}  // namespace

std::vector<WidgetKit> widget_kits(abi::Factory* factory) {
    detail::link_widget_tests();
    std::vector<WidgetKit> kits;
    const Library library(factory);
    for (std::uint32_t i = 0; i < library.guest().type_count(); ++i) {
        const auto schema = detail::read_widget_schema(library.guest().type_schema(i).view());
        const std::string type(library.guest().type(i).view());
        kits.push_back({factory, type, schema.required_properties});
        kits.push_back({factory, type, schema.all_properties});
    }
    return kits;
}

void PrintTo(const WidgetKit& kit, std::ostream* out) { *out << kit.type << ' ' << kit.properties; }

std::vector<std::string> faults_of_values(const WidgetKit& kit) { return draw_all(kit, values(), "with "); }

std::vector<std::string> faults_of_states(const WidgetKit& kit) { return draw_all(kit, states(), "when "); }

std::vector<std::string> faults_of_places(const WidgetKit& kit) {
    constexpr std::array<std::array<float, 5>, 9> kPlaces = {{{100, 100, 1, 1, 1},
                                                              {100, 100, 0.3F, 0.3F, 1},
                                                              {10, 10, 3, 600, 1},
                                                              {10, 10, 900, 3, 1},
                                                              {0, 0, 8000, 8000, 12},
                                                              {-50, -20, 200, 60, 1},
                                                              {7990, 7990, 200, 60, 1},
                                                              {20, 20, 16, 16, 8},
                                                              {20, 20, 400, 200, 0.05F}}};
    std::vector<std::string> faults;
    const auto bindings = bindings_of(kit);
    WidgetRig rig(kit);
    for (const auto& drawn : states()) {
        for (const auto& binding : bindings) rig.bind(binding, drawn.tag);
        for (const auto& [x, y, width, height, scale] : kPlaces) {
            rig.place(x, y, width, height, scale);
            auto fault = fault_of(
                rig.draw(), "in " + Value(width).text() + " by " + Value(height).text() + " pixels, when " + drawn.name + ",");
            if (!fault.empty()) faults.push_back(std::move(fault));
        }
    }
    return faults;
}

std::vector<std::string> faults_of_trust(const WidgetKit& kit) {
    std::vector<std::string> faults;
    const auto bindings = bindings_of(kit);
    WidgetRig rig(kit);
    for (const Value& value : {Value(1.0), Value(true)}) {
        for (const auto& binding : bindings) rig.bind(binding, with_value(value));
        const auto good = rig.draw();
        for (const auto& binding : bindings) {
            for (const auto quality : {QualityCode::uncertain_sub_normal, QualityCode::bad_timeout}) {
                auto tag = with_value(value);
                tag.quality = quality;
                rig.bind(binding, tag);
                if (rig.draw().has_same_shape(good))
                    faults.push_back("the value " + value.text() + " of \"" + binding + "\" looks the same "
                                     + std::string(to_string(level(quality))) + " as good, but for colours");
                rig.bind(binding, with_value(value));
            }
        }
    }
    return faults;
}

std::vector<std::string> faults_of_memory(const WidgetKit& kit) {
    std::vector<std::string> faults;
    const auto bindings = bindings_of(kit);
    WidgetRig rig(kit);
    const auto draw_with = [&](const BoundTag& tag) {
        for (const auto& binding : bindings) rig.bind(binding, tag);
        return rig.draw();
    };
    const auto first = draw_with(with_value(7.0));
    draw_with(with_value(93.0));
    for (const auto& other : states()) draw_with(other.tag);
    const auto again = draw_with(with_value(7.0));
    if (!again.has_same_shape(first) || again.text != first.text)
        faults.emplace_back("after other values it shows an earlier one differently");
    return faults;
}

}  // namespace penstock::testing
