#include <penstock/testing/json_settings.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace penstock::testing {

using abi::SettingsKind;

class JsonSettings::Node final : public abi::SettingsNode {
public:
    explicit Node(const nlohmann::ordered_json& json, std::string place) : json_(json), place_(std::move(place)) {
        if (json.is_object() || json.is_array()) children_.reserve(json.size());
        for (const auto& [key, value] : json.items()) {
            if (!json.is_structured()) break;
            keys_.push_back(json.is_object() ? key : std::string());
            children_.emplace_back(value, place_ + "/" + key);
        }
        if (json.is_string()) text_ = json.get<std::string>();
    }

    SettingsKind kind() const noexcept override {
        if (json_.is_boolean()) return SettingsKind::boolean;
        if (json_.is_number_unsigned())
            return json_.get<std::uint64_t>() >> 63U != 0 ? SettingsKind::unsigned_integer : SettingsKind::integer;
        if (json_.is_number_integer()) return SettingsKind::integer;
        if (json_.is_number()) return SettingsKind::number;
        if (json_.is_string()) return SettingsKind::text;
        if (json_.is_array()) return SettingsKind::array;
        return json_.is_object() ? SettingsKind::object : SettingsKind::null;
    }
    bool boolean() const noexcept override { return json_.is_boolean() && json_.get<bool>(); }
    std::int64_t integer() const noexcept override { return json_.is_number() ? json_.get<std::int64_t>() : 0; }
    std::uint64_t unsigned_integer() const noexcept override { return json_.is_number() ? json_.get<std::uint64_t>() : 0; }
    double number() const noexcept override { return json_.is_number() ? json_.get<double>() : 0; }
    abi::Text text() const noexcept override { return abi::text(text_); }
    std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(children_.size()); }
    const abi::SettingsNode* at(std::uint32_t index) const noexcept override {
        return index < children_.size() ? &children_[index] : nullptr;
    }
    abi::Text key(std::uint32_t index) const noexcept override {
        return index < keys_.size() ? abi::text(keys_[index]) : abi::Text{};
    }
    const abi::SettingsNode* find(abi::Text key) const noexcept override {
        if (!json_.is_object()) return nullptr;
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (keys_[i] == key.view()) return &children_[i];
        }
        return nullptr;
    }
    abi::Text place() const noexcept override { return abi::text(place_); }

private:
    nlohmann::ordered_json json_;
    std::string place_, text_;
    std::vector<std::string> keys_;
    std::vector<Node> children_;
};

JsonSettings::JsonSettings(std::string_view json) {
    const auto parsed = nlohmann::ordered_json::parse(json, nullptr, false, true);
    if (parsed.is_discarded()) throw std::invalid_argument("found no JSON in: " + std::string(json.substr(0, 200)));
    root_ = std::make_unique<Node>(parsed, "settings");
}

JsonSettings::JsonSettings(JsonSettings&&) noexcept = default;
JsonSettings& JsonSettings::operator=(JsonSettings&&) noexcept = default;
JsonSettings::~JsonSettings() = default;

const abi::SettingsNode* JsonSettings::node() const noexcept { return root_.get(); }

}  // namespace penstock::testing
