#include <penstock/driver.hpp>

#include <algorithm>

#include <penstock/detail/guard.hpp>
#include <penstock/plain_value.hpp>

namespace penstock {
namespace {

// The wait for the next event. Destroying its frame withdraws it.
class NextWait final : public abi::Completion {
public:
    explicit NextWait(abi::HostLink& host) noexcept : host_(&host) {}
    NextWait(const NextWait&) = delete;
    NextWait& operator=(const NextWait&) = delete;
    ~NextWait() {
        if (pending_) host_->withdraw_next(*this);
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        waiter_ = waiter;
        pending_ = true;
        host_->next(event_, *this);
    }
    [[nodiscard]] std::int32_t await_resume() const noexcept { return code_; }
    void complete(const abi::IoResult& result) noexcept override {
        pending_ = false;
        code_ = result.code;
        waiter_.resume();  // may destroy *this
    }
    [[nodiscard]] const abi::LinkEvent& event() const noexcept { return event_; }

private:
    abi::HostLink* host_;
    abi::LinkEvent event_{};
    std::coroutine_handle<> waiter_;
    std::int32_t code_ = 0;
    bool pending_ = false;
};

LinkEvent to_event(const abi::LinkEvent& event) {
    switch (event.kind) {
        case abi::LinkEventKind::poll_due: return PollDue({event.items, event.items + event.item_count});
        case abi::LinkEventKind::items_changed: return ItemsChanged{};
        case abi::LinkEventKind::write: break;
    }
    auto value = value_of(event.write.value);
    if (!value) throw LinkError(std::move(value).error());
    return WriteRequest(event.write_id, event.write.item, *std::move(value));
}

}  // namespace

Task<LinkEvent> Link::next() {
    NextWait wait(*host_);
    const auto code = co_await wait;
    if (code != 0) throw LinkError(Error(static_cast<ErrorCode>(code), "the host is stopping the driver"));
    co_return to_event(wait.event());
}

void Link::publish(const SampleBatch& batch) { host_->publish(batch.columns()); }

void Link::finish(std::uint64_t write_id, const WriteOutcome& outcome) {
    abi::WriteReply reply;
    detail::fill_reply(reply, outcome);
    host_->finish_write(write_id, reply);
}

void Link::up() { host_->link_up(); }

void Link::down(const Error& cause) {
    abi::Fault fault;
    detail::set_fault(fault, cause);
    host_->link_down(fault);
}

namespace detail {

void fill_reply(abi::WriteReply& reply, const WriteOutcome& outcome) noexcept {
    reply.outcome = outcome.outcome();
    reply.is_link_broken = 0;
    if (reply.outcome == abi::Outcome::done) return;
    const auto code = reply.outcome == abi::Outcome::refused ? ErrorCode::denied : ErrorCode::unknown_outcome;
    reply.reason.set(static_cast<std::int32_t>(code), outcome.reason(), false);
}

void send_entries(const std::vector<BrowseResult>& results, abi::BrowseSink& sink) {
    constexpr std::size_t most = 10'000;
    const auto count = std::min(results.size(), most);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& found = results[i];
        abi::BrowseEntry entry{abi::text(found.path), abi::text(found.address), abi::text(found.description), {}};
        entry.info.type = static_cast<std::uint32_t>(found.type);
        entry.info.writable = found.writable ? 1 : 0;
        if (!sink.entry(entry)) return;
    }
}

}  // namespace detail
}  // namespace penstock
