// F4: lengths and counts from outside never make a decoder allocate more than twice the bytes received at a time.
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "core/wire/codec.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/latest_update.hpp"
#include "core/wire/messages.hpp"

namespace {
thread_local std::size_t largest_allocation = 0;
}

void* operator new(std::size_t size) {
    largest_allocation = std::max(largest_allocation, size);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
// g++ does not see that these two belong to the operator above.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace penstock::wire {
namespace {

// Sentences and single elements need a little, however short the message.
constexpr std::size_t kLittle = 1024;

template <class Decode>
std::size_t largest_during(const Decode& decode) {
    largest_allocation = 0;
    decode();
    return largest_allocation;
}

// Announces more and more elements or bytes, followed by fewer than announced.
TEST(Allocation, NeverFollowsAnAnnouncementAlone) {
    for (const auto operation :
         {OperationId::hello, OperationId::browse, OperationId::read, OperationId::write, OperationId::explain,
          OperationId::definition, OperationId::subscribe_latest, OperationId::history, OperationId::trend,
          OperationId::subscribe_series, OperationId::events, OperationId::journal, OperationId::backup, OperationId::alarms,
          OperationId::alarm_action, OperationId::subscribe_events, OperationId::explain_alarm, OperationId::alarm_figures}) {
        for (std::uint64_t announced = 1; announced < (std::uint64_t{1} << 40U); announced *= 3) {
            for (const std::size_t backed : {0U, 10U, 1000U, 60'000U}) {
                Buffer bytes;
                Writer writer(bytes);
                writer.varint(announced);
                bytes.resize(bytes.size() + backed, std::byte{0x7F});  // each a text of 127 bytes
                const auto of_request = largest_during([&] { (void)decode_request(operation, bytes); });
                EXPECT_LE(of_request, 2 * bytes.size() + kLittle) << name_of(operation) << " announced " << announced;
                const auto of_reply = largest_during([&] { (void)decode_reply(operation, bytes); });
                EXPECT_LE(of_reply, 2 * bytes.size() + kLittle) << name_of(operation) << " announced " << announced;
            }
        }
    }
}

TEST(Allocation, OfASplitMessageFollowsWhatArrived) {
    MessageAssembler assembler;
    const HeaderBytes header({FrameKind::request, true, 1, OperationId::read});
    Buffer frame(header.bytes().begin(), header.bytes().end());
    frame.resize(frame.size() + 1000);
    for (std::size_t arrived = frame.size(); arrived < 1'000'000; arrived += frame.size()) {
        const auto largest = largest_during([&] { (void)assembler.add(frame); });
        ASSERT_LE(largest, 2 * arrived + kLittle);
    }
}

// The control: a decoder that believed the count would be caught.
TEST(Allocation, IsMeasured) {
    const auto largest = largest_during([] { std::vector<std::string>().reserve(1000); });
    EXPECT_GE(largest, 1000 * sizeof(std::string));
}

}  // namespace
}  // namespace penstock::wire
