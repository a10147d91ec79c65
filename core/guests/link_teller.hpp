#pragma once

// Tells when a device's link came up or was lost, once each. Of a link that flaps not every change is told, only so many a minute; in
// the end what is told is what is.

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <penstock/time.hpp>

namespace penstock::guests {

class LinkTeller {
public:
    static constexpr std::size_t kMost = 10;  // in kWindow
    static constexpr Duration kWindow = 1min;

    // `why` is a sentence; "" where it is up. Must not block.
    using OnChange = std::function<void(bool is_up, const std::string& why)>;

    explicit LinkTeller(OnChange on_change) : on_change_(std::move(on_change)) {}

    void note(bool is_up, std::string_view why, MonotonicTime now) {
        if (is_up_ != is_up) why_ = why;  // why it was lost, not why it could not be had back
        is_up_ = is_up;
        look(now);
    }
    // Now and then, also when nothing has changed.
    void look(MonotonicTime now) {
        if (!on_change_ || !is_up_ || told_ == is_up_) return;
        while (!told_at_.empty() && now - told_at_.front() >= kWindow) told_at_.pop_front();
        if (told_at_.size() >= kMost) return;
        told_at_.push_back(now);
        told_ = is_up_;
        on_change_(*is_up_, why_);
    }

private:
    OnChange on_change_;
    std::optional<bool> is_up_, told_;
    std::string why_;
    std::deque<MonotonicTime> told_at_;
};

}  // namespace penstock::guests
