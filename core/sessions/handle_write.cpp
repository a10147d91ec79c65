// A group of writes: each item goes to the engine, and the reply when the last has its outcome, or the time is over.
#include <mutex>

#include "core/engine/engine.hpp"
#include "core/sessions/handlers.hpp"
#include "core/sessions/visible_tags.hpp"

namespace penstock::sessions {
namespace {

class WriteGroup {
public:
    WriteGroup(std::size_t items, Answer<WriteReply> answer) : open_(items), answer_(std::move(answer)) {
        reply_.items.resize(items);
    }

    // Before any finish(): the names of the items.
    void set_tag(std::size_t index, std::string tag) { reply_.items[index].tag = std::move(tag); }

    // One item has its outcome. The first outcome stands. [any-thread]
    void finish(std::size_t index, WriteResult outcome, ErrorCode code, std::string reason) {
        std::unique_lock lock(mutex_);
        if (is_answered_) return;
        auto& item = reply_.items[index];
        item.outcome = outcome;
        item.code = code;
        item.reason = std::move(reason);
        if (--open_ == 0) send(std::move(lock));
    }

    // What has no outcome by now is unknown. [any-thread]
    void give_up() {
        std::unique_lock lock(mutex_);
        if (is_answered_) return;
        for (auto& item : reply_.items) {
            if (item.outcome != WriteResult::unknown || item.code != ErrorCode{}) continue;
            item.code = ErrorCode::unknown_outcome;
            item.reason = "the device has not answered within 10 s; whether it took the value is not known";
        }
        send(std::move(lock));
    }

private:
    // Answers without holding the lock.
    void send(std::unique_lock<std::mutex> lock) {
        is_answered_ = true;
        auto reply = std::move(reply_);
        lock.unlock();
        answer_(std::move(reply));
    }

    std::mutex mutex_;  // guards what follows: outcomes come from the engine's and the devices' threads
    WriteReply reply_;
    std::size_t open_;
    bool is_answered_ = false;
    Answer<WriteReply> answer_;
};

void write_one(const Call& call, VisibleTags& visible, const std::shared_ptr<WriteGroup>& group, std::size_t index,
               WriteValue wanted, std::uint64_t number) {
    const auto tag = visible.find(wanted.tag);
    if (!tag)
        return group->finish(index, WriteResult::refused, ErrorCode::not_found,
                             no_such_tag(wanted.tag, visible.hint(wanted.tag)));
    engine::WriteCommand command;
    command.tag = *tag;
    command.value = std::move(wanted.value);
    command.done = [group, index](engine::WriteAnswer done) {
        group->finish(index, done.outcome, done.code, std::move(done.reason));
    };
    command.user = call.user;
    command.station = call.station;
    command.command = number;
    command.item = static_cast<std::uint32_t>(index);
    const auto posted = call.plant.engine->post(std::move(command));
    if (!posted) group->finish(index, WriteResult::refused, posted.error().code(), posted.error().text());
}

}  // namespace

void handle_write(const Call& call, WriteTagsRequest request, Answer<WriteReply> answer) {
    const auto count = request.values.size();
    if (count == 0) return answer(WriteReply());
    if (count > kMaxWriteTags)
        return answer(fail(ErrorCode::invalid_argument,
                           std::to_string(count) + " values to write, at most " + std::to_string(kMaxWriteTags)));
    const auto group = std::make_shared<WriteGroup>(count, std::move(answer));
    for (std::size_t i = 0; i < count; ++i) group->set_tag(i, request.values[i].tag);
    VisibleTags visible(call);
    for (std::size_t i = 0; i < count; ++i) write_one(call, visible, group, i, std::move(request.values[i]), request.command);
    call.session->remind(call.plant.clock->now().monotonic + kWriteAnswerWithin, [group] { group->give_up(); });
}

}  // namespace penstock::sessions
