#include <chrono>
#include <cstdio>

#include <penstock/settings.hpp>

#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"

namespace penstock::cli {
namespace {

using Steady = std::chrono::steady_clock;

// Prints what a subscription delivers, and when the link comes and goes.
class Watch {
public:
    Watch(Session& session, const GlobalOptions& global, const WatchOptions& options)
        : global_(global), options_(options), session_(session) {}

    int run(Steady::time_point end) {
        const auto subscription =
            session_.subscribe(request(), {
                                              .on_start = [this](Result<SubscribeReply> reply) { start(std::move(reply)); },
                                              .on_update = [this](const LatestUpdate& update) { show(update); },
                                          });
        while (!interrupted() && code_ == kDone && Steady::now() < end) {
            session_.wait(std::chrono::milliseconds(200));
            session_.poll();
            show_link(session_.link());
        }
        return code_;
    }

private:
    [[nodiscard]] bool is_pattern() const { return options_.pattern.find_first_of("*?") != std::string::npos; }

    SubscribeRequest request() {
        SubscribeRequest request;
        if (is_pattern())
            request.pattern = options_.pattern;
        else
            request.tags = {options_.pattern};
        return request;
    }

    void start(Result<SubscribeReply> reply) {
        if (!reply) {
            if (!reply.error().retryable()) code_ = report(reply.error());
            return;
        }
        tags_ = std::move(reply->tags);
        if (tags_.empty()) code_ = report(Error(ErrorCode::not_found, "no tag matches \"" + options_.pattern + '"'));
        if (!is_pattern() && !tags_.empty() && !tags_.front().found) code_ = report(unknown(tags_.front()));
    }

    Error unknown(const SubscribedTag& tag) const {
        std::string sentence = "there is no tag \"" + options_.pattern + '"';
        if (!tag.hint.empty()) sentence += "; did you mean \"" + tag.hint + "\"?";
        return Error(ErrorCode::not_found, std::move(sentence));
    }

    void show(const LatestUpdate& update) {
        for (std::size_t row = 0; row < update.index.size(); ++row) {
            const auto index = update.index[row];
            if (index >= tags_.size()) continue;
            TagValue value;
            value.tag = tags_[index].name;
            value.value = update.value[row];
            value.quality = update.quality[row];
            value.cause = update.cause[row];
            value.time = utc_from_ns(update.time[row]);
            value.unit = tags_[index].unit;
            if (global_.json)
                print_line(json_of(value));
            else
                print_line(time_text(value.time) + "  " + printable(value.tag) + "  " + readable_text(value.value, value.unit)
                           + "  " + quality_text(value.quality, value.cause));
        }
    }

    // On standard error: what is printed on standard output stays values only.
    void show_link(const LinkStatus& link) {
        if (link.state == shown_) return;
        if (link.state == LinkState::connected) {
            if (shown_ == LinkState::lost) std::fputs("penstock: connected again\n", stderr);
        } else {
            std::fprintf(stderr, "penstock: %s\n", printable(link.sentence).c_str());
        }
        shown_ = link.state == LinkState::connected ? link.state : LinkState::lost;
    }

    const GlobalOptions& global_;
    const WatchOptions& options_;
    Session& session_;
    std::vector<SubscribedTag> tags_;
    LinkState shown_ = LinkState::connected;
    int code_ = kDone;
};

}  // namespace

int run_watch(Session& session, const GlobalOptions& global, const WatchOptions& options) {
    auto end = Steady::time_point::max();
    if (!options.duration.empty()) {
        const auto duration = parse_duration(options.duration);
        if (!duration) return usage(duration.error());
        end = Steady::now() + *duration;
    }
    return Watch(session, global, options).run(end);
}

int run_watch(const GlobalOptions& global, const WatchOptions& options) {
    if (const auto duration = parse_duration(options.duration); !options.duration.empty() && !duration)
        return usage(duration.error());
    return with_session(global, [&](Session& session) {
        watch_for_interrupt();
        return run_watch(session, global, options);
    });
}

}  // namespace penstock::cli
