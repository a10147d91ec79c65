#include "core/client/screen_model.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/settings_document.hpp"

namespace penstock::client {
namespace {

constexpr Duration kRefusalShown = 8s;
constexpr Duration kConfirmedWait = 2s;  // for the value that follows a confirmed write; it may be what it was before
constexpr std::size_t kMaxWidgets = 10'000;

float number(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<float>() : 0.0F;
}

std::string text(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Tags by name while a screen is read: several widgets may show one.
class TagList {
public:
    explicit TagList(std::vector<ScreenTag>& tags) : tags_(tags) {}
    std::size_t index_of(const std::string& name) {
        const auto [at, is_new] = known_.emplace(name, tags_.size());
        if (is_new) tags_.emplace_back().name = name;
        return at->second;
    }

private:
    std::vector<ScreenTag>& tags_;
    std::map<std::string, std::size_t> known_;
};

ScreenWidget widget_of(const nlohmann::json& object, TagList& tags) {
    ScreenWidget widget;
    widget.id = text(object, "id");
    widget.type = text(object, "type");
    widget.x = number(object, "x");
    widget.y = number(object, "y");
    widget.width = number(object, "width");
    widget.height = number(object, "height");
    widget.properties = std::make_shared<const base::SettingsDocument>(object.value("properties", nlohmann::json::object()));
    if (const auto bindings = object.find("bindings"); bindings != object.end() && bindings->is_object())
        for (const auto& [name, tag] : bindings->items())
            if (tag.is_string()) widget.bindings.emplace(name, tags.index_of(tag.get<std::string>()));
    return widget;
}

}  // namespace

Result<ScreenModel> ScreenModel::parse(std::string name, std::string_view content) {
    const auto json = nlohmann::json::parse(content, nullptr, false);
    if (!json.is_object()) return fail(ErrorCode::invalid_config, "is no JSON object", "screen " + name);
    const auto size = json.find("size");
    if (size == json.end() || !size->is_array() || size->size() != 2 || !(*size)[0].is_number() || !(*size)[1].is_number())
        return fail(ErrorCode::invalid_config, "has no size; wanted [width, height]", "screen " + name);

    ScreenModel model;
    model.title_ = text(json, "title");
    model.width_ = (*size)[0].get<float>();
    model.height_ = (*size)[1].get<float>();
    if (!(model.width_ > 0) || !(model.height_ > 0)) return fail(ErrorCode::invalid_config, "has no extent", "screen " + name);
    model.name_ = std::move(name);
    TagList tags(model.tags_);
    if (const auto widgets = json.find("widgets"); widgets != json.end() && widgets->is_array()) {
        if (widgets->size() > kMaxWidgets)
            return fail(ErrorCode::invalid_config, "has more than 10000 widgets", "screen " + model.name_);
        for (const auto& widget : *widgets)
            if (widget.is_object()) model.widgets_.push_back(widget_of(widget, tags));
    }
    model.confirmed_.resize(model.tags_.size());
    return model;
}

std::optional<std::size_t> ScreenModel::binding(const ScreenWidget& widget, std::string_view name) const {
    const auto found = widget.bindings.find(name);
    return found == widget.bindings.end() ? std::nullopt : std::optional(found->second);
}

SubscribeRequest ScreenModel::subscription() const {
    SubscribeRequest request;
    for (const auto& tag : tags_) request.tags.push_back(tag.name);
    return request;
}

void ScreenModel::apply(const SubscribeReply& reply) {
    for (std::size_t i = 0; i < std::min(tags_.size(), reply.tags.size()); ++i) {
        tags_[i].definition = reply.tags[i];
        if (reply.tags[i].found) continue;
        tags_[i].quality = QualityCode::bad_configuration;
        tags_[i].cause = "there is no tag \"" + tags_[i].name + '"';
    }
    ++version_;
}

void ScreenModel::apply(const LatestUpdate& update, MonotonicTime now) {
    for (std::size_t row = 0; row < update.index.size(); ++row) {
        const auto index = update.index[row];
        if (index >= tags_.size()) continue;
        auto& tag = tags_[index];
        tag.value = update.value[row];
        tag.quality = update.quality[row];
        tag.cause = update.cause[row];
        tag.time = utc_from_ns(update.time[row]);
        if (confirmed_[index]) {
            confirmed_[index] = false;
            tag.write = StationWrite{.state = abi::WriteState::none, .asked = {}, .reason = {}, .since = now};
        }
    }
    if (!update.index.empty()) ++version_;
}

void ScreenModel::link_lost(std::string_view why) {
    for (auto& tag : tags_) {
        tag.quality = QualityCode::bad_no_communication;
        tag.cause = "the server is lost";
        if (!why.empty()) tag.cause.append(": ").append(why);
    }
    ++version_;
}

void ScreenModel::write_asked(std::size_t tag, Value value, MonotonicTime now) {
    tags_.at(tag).write = StationWrite{.state = abi::WriteState::asked, .asked = std::move(value), .reason = {}, .since = now};
    confirmed_[tag] = false;
    ++version_;
}

void ScreenModel::write_answered(std::size_t tag, const Result<WriteReply>& reply, MonotonicTime now) {
    auto& write = tags_.at(tag).write;
    write.since = now;
    ++version_;
    if (!reply || reply->items.empty()) {
        const bool is_refused =
            !reply && reply.error().code() != ErrorCode::unknown_outcome && reply.error().code() != ErrorCode::timeout;
        write.state = is_refused ? abi::WriteState::refused : abi::WriteState::unknown;
        write.reason = reply ? "the server did not say what became of it" : reply.error().text();
        return;
    }
    const auto& item = reply->items.front();
    write.reason = item.reason;
    switch (item.outcome) {
        case WriteResult::done: confirmed_[tag] = true; break;
        case WriteResult::refused: write.state = abi::WriteState::refused; break;
        case WriteResult::unknown: write.state = abi::WriteState::unknown; break;
    }
}

std::optional<MonotonicTime> ScreenModel::tick(MonotonicTime now) {
    std::optional<MonotonicTime> next;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
        auto& write = tags_[i].write;
        const bool is_over = write.state == abi::WriteState::refused || write.state == abi::WriteState::unknown;
        if (!is_over && !confirmed_[i]) continue;
        const auto end = write.since + (is_over ? kRefusalShown : kConfirmedWait);
        if (end > now) {
            next = next ? std::min(*next, end) : end;
            continue;
        }
        write = {};
        confirmed_[i] = false;
        ++version_;
    }
    return next;
}

}  // namespace penstock::client
