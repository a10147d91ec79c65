#include "core/client/station.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace penstock::client {

Station::Station(Session& session, StationWishes wishes)
    : session_(&session),
      wanted_(std::move(wishes.screen)),
      language_wish_(std::move(wishes.language)),
      notice_("connecting"),
      trends_(session),
      alarms_(session),
      self_(std::make_shared<Station*>(this)) {}

Station::~Station() { *self_ = nullptr; }

std::uint64_t Station::version() const noexcept {
    return version_ + trends_.version() + alarms_.version() + (screen_ ? screen_->version() : 0);
}

void Station::poll(MonotonicTime now) {
    now_ = now;
    session_->poll();
    follow_link();
    next_tick_ = screen_ ? screen_->tick(now) : std::nullopt;
    for (const auto next : {trends_.poll(now), alarms_.poll(now)})
        if (next) next_tick_ = next_tick_ ? std::min(*next_tick_, *next) : next;
}

// Each new connection may be to a server with another site: screens are asked for again, by their hash.
void Station::follow_link() {
    const auto& link = session_->link();
    if (link.state != seen_link_) {
        ++version_;
        if (link.state != LinkState::connected && screen_) screen_->link_lost(link.sentence);
        if (link.state != LinkState::connected) alarms_.link_lost();
    }
    seen_link_ = link.state;
    if (link.state != LinkState::connected || link.connection == seen_connection_) return;
    seen_connection_ = link.connection;
    trends_.connected_anew();
    alarms_.connected_anew();
    ask_for_site();
}

void Station::ask_for_site() {
    DefinitionRequest request;
    request.kind = DefinitionKind::site;
    request.name = "site";
    session_->call(request, [self = self_](Result<DefinitionReply> reply) {
        auto* station = *self;
        if (station == nullptr) return;
        if (!reply) return station->set_notice(reply.error().text());
        station->take_site(*reply);
    });
}

void Station::take_site(const DefinitionReply& reply) {
    const auto site = nlohmann::json::parse(reply.content, nullptr, false);
    if (!site.is_object()) return set_notice("the server's site cannot be read");
    site_name_ = site.value("name", "");
    languages_ = site.value("languages", std::vector<std::string>{"en"});  // a site that says nothing is in English
    auto language = choose_language(languages_, language_wish_);
    use_language(language ? *language : std::string());
    if (!language) return set_notice(language.error().sentence());
    if (wanted_.empty()) wanted_ = site.value("start_screen", "");
    if (wanted_.empty()) return set_notice("the site has no start screen; choose one with --screen NAME");
    ask_for_screen();
}

void Station::set_language(std::string language) {
    if (std::ranges::find(languages_, language) == languages_.end() || language == language_) return;
    language_wish_.chosen = language;
    use_language(std::move(language));
}

// The site's first is what every server gives to who says nothing, so its lists need not be asked for twice.
void Station::use_language(std::string language) {
    language_ = std::move(language);
    alarms_.set_language(!languages_.empty() && language_ == languages_.front() ? std::string() : language_);
    ++version_;
}

void Station::ask_for_screen() {
    DefinitionRequest request;
    request.kind = DefinitionKind::screen;
    request.name = wanted_;
    if (screen_ && screen_->name() == wanted_) request.hash = screen_hash_;
    session_->call(request, [self = self_, name = wanted_](Result<DefinitionReply> reply) {
        auto* station = *self;
        if (station == nullptr || station->wanted_ != name) return;
        if (!reply) return station->set_notice(reply.error().text());
        station->show(*reply);
    });
}

void Station::show(const DefinitionReply& reply) {
    set_notice({});
    if (reply.unchanged) return;
    auto screen = ScreenModel::parse(reply.name, reply.content);
    if (!screen) return set_notice(screen.error().text());
    screen_ = std::make_shared<ScreenModel>(*std::move(screen));
    screen_hash_ = reply.hash;
    trends_.clear();
    ++version_;
    subscribe();
}

void Station::subscribe() {
    subscription_.reset();
    if (screen_->tags().empty()) return;
    Session::LatestHandler handler;
    handler.on_start = [self = self_](Result<SubscribeReply> reply) {
        auto* station = *self;
        if (station == nullptr || !station->screen_) return;
        if (reply)
            station->screen_->apply(*reply);
        else
            station->set_notice(reply.error().text());
    };
    handler.on_update = [self = self_](const LatestUpdate& update) {
        auto* station = *self;
        if (station != nullptr && station->screen_) station->screen_->apply(update, station->now_);
    };
    subscription_ = session_->subscribe(screen_->subscription(), std::move(handler));
}

void Station::navigate(std::string screen) {
    if (screen == wanted_) return;
    wanted_ = std::move(screen);
    ++version_;
    ask_for_screen();
}

const ScreenTrend* Station::look_at_trend(std::size_t tag, std::uint32_t columns, Duration span, MonotonicTime now) {
    if (!screen_ || tag >= screen_->tags().size()) return nullptr;
    const TrendKey key{screen_->tags()[tag].name, columns, span};
    trends_.want(key, now);
    return trends_.find(key);
}

void Station::write(std::size_t tag, Value value, MonotonicTime now) {
    if (!screen_ || tag >= screen_->tags().size()) return;
    screen_->write_asked(tag, value, now);
    WriteTagsRequest request;
    request.values.push_back(WriteValue{screen_->tags()[tag].name, std::move(value)});
    // The answer belongs to this screen, also if another is shown by then.
    session_->call(std::move(request), [self = self_, screen = screen_, tag](Result<WriteReply> reply) {
        if (*self != nullptr) screen->write_answered(tag, reply, (*self)->now_);
    });
}

void Station::set_notice(std::string notice) {
    if (notice == notice_) return;
    notice_ = std::move(notice);
    ++version_;
}

}  // namespace penstock::client
