#include "core/engine/write_path.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/engine/answer_once.hpp"
#include "core/engine/applier.hpp"
#include "core/engine/memory_record.hpp"
#include "core/engine/write_check.hpp"
#include "core/engine/write_events.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::engine {
namespace {

constexpr std::string_view kNoMemory = "the server has no more memory for strings and arrays of this size";
constexpr std::string_view kTooLate =
    "not written: the journal's disk took longer than 5 s, and the device was not to be surprised";
constexpr std::string_view kStopping = "the server is stopping";

WriteAnswer done() { return {WriteResult::done, {}, {}}; }
WriteAnswer refusal(ErrorCode code, std::string reason) { return {WriteResult::refused, code, std::move(reason)}; }
WriteAnswer refusal(const Error& error) { return refusal(error.code(), error.text()); }

CommandKey key_of(const WriteCommand& command) { return {command.user, command.command, command.item}; }

}  // namespace

struct WritePath::Checked {
    Value native;
    guests::WriteTarget* writer = nullptr;  // null: a memory tag
    ItemId item = 0;
};

struct WritePath::Pending {
    enum class Stage : std::uint8_t { asked, under_way, answered };

    WriteCommand command;  // its value in the tag's own type
    Checked checked;
    Event event;  // what was asked; its position is that of the record
    Now asked_at;
    Stage stage = Stage::asked;
    WriteAnswer answer;  // once answered
};

WritePath::WritePath(tags::TagTable& table, Applier& applier, Doorbell& bell, std::size_t most_pending)
    : table_(table),
      applier_(applier),
      most_pending_(most_pending),
      writers_(table.catalog().devices().size()),
      inbox_(std::make_shared<WriteInbox>(bell)),
      executed_(std::make_shared<ExecutedCommands>()) {}

WritePath::~WritePath() {
    inbox_->close();
    while (!pending_.empty()) {
        const auto write = pending_.begin();
        auto answer = refusal(ErrorCode::unavailable, std::string(kStopping));
        if (write->second.stage != Pending::Stage::asked) {
            answer = {WriteResult::unknown, ErrorCode::unknown_outcome, std::string(kStopping)};
        }
        finish(write, std::move(answer));
    }
}

void WritePath::set_journal(journal::Lane& events) {
    events_ = &events;
    settle();
}

void WritePath::carry_out(WriteCommand command, Now now) {
    if (!table_.catalog().exists(command.tag)) {
        if (command.done) command.done(refusal(ErrorCode::not_found, "there is no such tag any more"));
        return;
    }
    if (executed_->is_repeat(command, now.monotonic)) return;
    auto checked = check(command);
    if (events_ == nullptr) return carry_out_now(command, std::move(checked), now);
    write_down(command, std::move(checked), now);
}

Result<WritePath::Checked> WritePath::check(const WriteCommand& command) const {
    const auto tag = table_.catalog().view(command.tag);
    auto native = to_native(tag, command.value);
    if (!native) return std::unexpected(native.error());
    if (tag.device_index == tags::kNoDevice) return Checked{*std::move(native), nullptr, 0};
    auto* writer = writers_[tag.device_index];
    if (writer == nullptr)
        return fail(ErrorCode::disconnected, "the device \"" + std::string(tag.device) + "\" is not running");
    return Checked{*std::move(native), writer, tag.item};
}

void WritePath::refuse(WriteCommand& command, ErrorCode code, std::string reason) {
    auto answer = refusal(code, std::move(reason));
    executed_->finish(key_of(command), answer);
    if (command.done) command.done(std::move(answer));
}

void WritePath::carry_out_now(WriteCommand& command, Result<Checked> checked, Now now) {
    if (!checked) return refuse(command, checked.error().code(), checked.error().text());
    auto tell = [executed = executed_, key = key_of(command), done = std::move(command.done)](WriteAnswer answer) mutable {
        executed->finish(key, answer);
        if (done) done(std::move(answer));
    };
    if (checked->writer != nullptr) {
        return checked->writer->write(checked->item, std::move(checked->native), AnswerOnce(std::move(tell)));
    }
    const bool has_room = applier_.apply_memory(command.tag, checked->native, now.utc);
    tell(has_room ? done() : refusal(ErrorCode::unavailable, std::string(kNoMemory)));
}

// What is refused is answered at once; of the rest the intent has to be durable first.
void WritePath::write_down(WriteCommand& command, Result<Checked> checked, Now now) {
    if (pending_.size() >= most_pending_) {
        return refuse(command, ErrorCode::unavailable,
                      std::to_string(pending_.size()) + " writes are under way already; try again");
    }
    const tags::TagReader reader(table_);
    auto asked = asked_event(reader, command);
    const auto position = journal::append_event(*events_, asked, now);
    if (!position)
        return refuse(command, ErrorCode::unavailable, "not written: the journal takes no records: " + position.error().text());
    asked.position = *position - 1;
    const auto number = next_number_++;
    const auto write = pending_.emplace(number, Pending{std::move(command), {}, std::move(asked), now, {}, {}}).first;
    if (!checked) return write_down_answer(write, refusal(checked.error()), now);
    write->second.checked = *std::move(checked);
    if (write->second.checked.writer != nullptr) return await(number, *position);
    const auto effect = append_memory(write->second, write->second.checked.native, now);
    if (!effect) return write_down_answer(write, refusal(effect.error()), now);
    await(number, *effect);
}

Result<journal::Position> WritePath::append_memory(const Pending& write, const Value& value, Now now) {
    wire::Buffer body;
    encode_memory({write.command.tag, value, write.event.position + 1}, body);
    return events_->append(journal::RecordType::memory_value, body, now);
}

void WritePath::await(std::uint64_t number, journal::Position position) {
    events_->when_durable(position, [inbox = inbox_, number](Result<void> synced) { inbox->put({number, std::move(synced)}); });
}

void WritePath::go_on(Now now) {
    inbox_->take(notes_);
    for (auto& note : notes_) {
        const auto write = pending_.find(note.write);
        if (write == pending_.end()) continue;
        if (auto* answer = std::get_if<WriteAnswer>(&note.what)) {
            write_down_answer(write, std::move(*answer), now);
        } else {
            on_durable(write, std::get<Result<void>>(note.what), now);
        }
    }
    settle();
}

void WritePath::on_durable(Writes::iterator write, const Result<void>& synced, Now now) {
    auto& pending = write->second;
    if (pending.stage == Pending::Stage::asked) {
        if (synced) return take_effect(write, now);
        return finish(write, refusal(ErrorCode::unavailable, "not written: the journal failed: " + synced.error().text()));
    }
    if (synced || pending.answer.outcome == WriteResult::refused) return finish(write, std::move(pending.answer));
    finish(write, not_recorded(pending.answer, synced.error()));
}

void WritePath::take_effect(Writes::iterator write, Now now) {
    auto& pending = write->second;
    pending.stage = Pending::Stage::under_way;
    if (now.monotonic - pending.asked_at.monotonic > kMostDelay && pending.checked.writer != nullptr) {
        return write_down_answer(write, refusal(ErrorCode::unavailable, std::string(kTooLate)), now);
    }
    auto& checked = pending.checked;
    if (checked.writer != nullptr) {
        auto tell = [inbox = inbox_, number = write->first](WriteAnswer answer) { inbox->put({number, std::move(answer)}); };
        return checked.writer->write(checked.item, std::move(checked.native), AnswerOnce(std::move(tell)));
    }
    // At the record's time, as recovery would.
    if (applier_.apply_memory(pending.command.tag, checked.native, pending.asked_at.utc))
        return write_down_answer(write, done(), now);
    // The record stands for a value that the tag could not take; one of the value that stands sets it right.
    (void)append_memory(pending, tags::TagReader(table_).snapshot(pending.command.tag).value(), now);
    write_down_answer(write, refusal(ErrorCode::unavailable, std::string(kNoMemory)), now);
}

void WritePath::write_down_answer(Writes::iterator write, WriteAnswer answer, Now now) {
    auto& pending = write->second;
    pending.stage = Pending::Stage::answered;
    pending.answer = std::move(answer);
    const auto position = journal::append_event(*events_, answered_event(pending.event, pending.answer), now);
    if (position) return await(write->first, *position);
    on_durable(write, std::unexpected(position.error()), now);
}

void WritePath::finish(Writes::iterator write, WriteAnswer answer) {
    auto command = std::move(write->second.command);
    pending_.erase(write);
    executed_->finish(key_of(command), answer);
    if (command.done) command.done(std::move(answer));
}

// Never beyond what is durable: a power cut takes the rest away, and other records come to stand there.
void WritePath::settle() {
    if (events_ == nullptr) return;
    auto position = events_->durable();
    if (!pending_.empty()) position = std::min(position, pending_.begin()->second.event.position);
    settled_.store(position, std::memory_order_release);
}

}  // namespace penstock::engine
