#pragma once

// One screen as it stands: what is placed where, what each widget is bound to, and the newest values. It knows no window and
// no widget code, so a test, a browser and the ImGui station show the same.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/widget.hpp>
#include <penstock/operations.hpp>
#include <penstock/time.hpp>

namespace penstock::base {
class SettingsDocument;
}

namespace penstock::client {

// A write of this station that the plant has not confirmed yet, or turned down.
struct StationWrite {
    abi::WriteState state = abi::WriteState::none;
    Value asked;
    std::string reason;    // why refused or unknown
    MonotonicTime since{};  // when the state became so
};

// A tag that the screen shows, once however many widgets are bound to it.
struct ScreenTag {
    std::string name;
    SubscribedTag definition;  // found: false until the server has answered
    Value value;
    QualityCode quality = QualityCode::bad_waiting_for_initial;
    std::string cause;
    UtcTime time;
    StationWrite write;
};

struct ScreenWidget {
    std::string id;
    std::string type;
    float x = 0, y = 0, width = 0, height = 0;  // in the screen's own units
    std::shared_ptr<const base::SettingsDocument> properties;
    std::map<std::string, std::size_t, std::less<>> bindings;  // name -> index into ScreenModel::tags()
};

class ScreenModel {
public:
    // From a screen document. Error invalid_config: what is wrong in it; the site's check has said so before.
    [[nodiscard]] static Result<ScreenModel> parse(std::string name, std::string_view content);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::string& title() const noexcept { return title_; }
    [[nodiscard]] float width() const noexcept { return width_; }
    [[nodiscard]] float height() const noexcept { return height_; }
    [[nodiscard]] std::span<const ScreenWidget> widgets() const noexcept { return widgets_; }
    [[nodiscard]] std::span<const ScreenTag> tags() const noexcept { return tags_; }
    // The index in tags() of a widget's binding; nothing if it has none of that name.
    [[nodiscard]] std::optional<std::size_t> binding(const ScreenWidget& widget, std::string_view name) const;

    // What to subscribe to: tags() in their order.
    [[nodiscard]] SubscribeRequest subscription() const;
    void apply(const SubscribeReply& reply);
    void apply(const LatestUpdate& update, MonotonicTime now);

    // The server is gone: what it said last is old, and no value is good any more. Its newest values come with the next
    // subscription.
    void link_lost(std::string_view why);

    // A write was asked for; what the server said of it. "Asked" stays until the device has confirmed and its value is here.
    void write_asked(std::size_t tag, Value value, MonotonicTime now);
    void write_answered(std::size_t tag, const Result<WriteReply>& reply, MonotonicTime now);
    // Forgets refusals that were shown long enough, and confirmations whose value never changed. When it wants to be called next.
    std::optional<MonotonicTime> tick(MonotonicTime now);

    // Grows whenever something that is shown has changed.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

private:
    std::string name_;
    std::string title_;
    float width_ = 0;
    float height_ = 0;
    std::vector<ScreenWidget> widgets_;
    std::vector<ScreenTag> tags_;
    std::vector<bool> confirmed_;  // the device said done, its value is still awaited
    std::uint64_t version_ = 0;
};

}  // namespace penstock::client
