#pragma once

// An operator station without its window: which screen is shown, with which values, and what the operator asked for. It needs a
// session and nothing else; everything it shows comes from the server.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/session.hpp>
#include <penstock/time.hpp>

#include "core/client/alarm_model.hpp"
#include "core/client/language.hpp"
#include "core/client/screen_model.hpp"
#include "core/client/trend_watch.hpp"

namespace penstock::client {

// What a station is started with.
struct StationWishes {
    std::string screen;  // the first one to show; "" = the site's start screen
    LanguageWish language;
};

// All of it: on the thread that polls the session.
class Station {
public:
    // The session outlives the station.
    Station(Session& session, StationWishes wishes);
    ~Station();

    // Takes in what the server sent. Call it whenever the session has something, and by next_tick().
    void poll(MonotonicTime now);
    [[nodiscard]] std::optional<MonotonicTime> next_tick() const noexcept { return next_tick_; }

    // Shows another screen of the site; the present one stays until it has come.
    void navigate(std::string screen);
    // Writes a tag of the present screen (index into its tags()). It is marked asked at once.
    void write(std::size_t tag, Value value, MonotonicTime now);

    // What a tag of the present screen (index into its tags()) was in the last `span`, in so many columns; null if nothing is known
    // yet. It is kept up to date for as long as it is looked at.
    const ScreenTrend* look_at_trend(std::size_t tag, std::uint32_t columns, Duration span, MonotonicTime now);

    // Asked for when a widget looks at them; over all screens.
    [[nodiscard]] AlarmModel& alarms() noexcept { return alarms_; }

    // Null while nothing has come yet.
    [[nodiscard]] const ScreenModel* screen() const noexcept { return screen_.get(); }
    [[nodiscard]] const LinkStatus& link() const noexcept { return session_->link(); }
    // Of the server, as far as known.
    [[nodiscard]] const std::string& site_name() const noexcept { return site_name_; }
    // Of the site's texts, as far as known; the first is the site's own.
    [[nodiscard]] const std::vector<std::string>& languages() const noexcept { return languages_; }
    // In which of them texts are asked for; "" while it is not known.
    [[nodiscard]] const std::string& language() const noexcept { return language_; }
    // From now on in this one of languages(); another server that has not got it is read in another one.
    void set_language(std::string language);

    // Why the wanted screen is not shown; "" if it is.
    [[nodiscard]] const std::string& notice() const noexcept { return notice_; }
    // Another number whenever something that is shown has changed.
    [[nodiscard]] std::uint64_t version() const noexcept;

private:
    void follow_link();
    void ask_for_site();
    void take_site(const DefinitionReply& reply);
    void use_language(std::string language);
    void ask_for_screen();
    void show(const DefinitionReply& reply);
    void subscribe();
    void set_notice(std::string notice);

    Session* session_;
    std::string wanted_;  // the screen asked for; "" = whatever the site starts with
    LanguageWish language_wish_;
    std::string site_name_;
    std::vector<std::string> languages_;
    std::string language_;
    std::string notice_;
    std::string screen_hash_;
    std::shared_ptr<ScreenModel> screen_;
    std::unique_ptr<Subscription> subscription_;
    TrendWatch trends_;
    AlarmModel alarms_;
    // Replies that come after the station has gone find it gone.
    std::shared_ptr<Station*> self_;
    std::optional<MonotonicTime> next_tick_;
    MonotonicTime now_{};
    LinkState seen_link_ = LinkState::connecting;
    std::uint64_t seen_connection_ = 0;
    std::uint64_t version_ = 0;
};

}  // namespace penstock::client
