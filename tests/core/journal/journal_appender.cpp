// Appends to an events lane for as long as it lives and says after each group how far it is durable: "durable 4711". Its parent
// kills it. journal_appender FOLDER

#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <thread>

#include <unistd.h>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/core/journal/lane_bodies.hpp"

using namespace penstock;
using namespace penstock::journal;

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto lane = Lane::open(base::real_file_system(), small_lane(argv[1]));
    if (!lane) {
        std::fprintf(stderr, "%s\n", lane.error().text().c_str());
        return 1;
    }
    std::printf("open %llu\n", static_cast<unsigned long long>((*lane)->durable()));
    std::fflush(stdout);
    (*lane)->on_advance([&lane] {
        const auto line = "durable " + std::to_string((*lane)->durable()) + "\n";
        (void)!::write(STDOUT_FILENO, line.data(), line.size());
    });
    const base::SystemClock clock;
    const LaneThread thread(**lane, clock);
    for (;;) {
        const auto sequence = (*lane)->appended();
        const auto durable = (*lane)->durable();
        // Faster than the disk: a record that is refused would leave its trace in the lane.
        if (sequence > durable + 1'000) {
            std::this_thread::yield();
            continue;
        }
        const auto body = body_of(sequence);
        if (!(*lane)->append(RecordType::event, std::as_bytes(std::span(body)), time_of(sequence))) return 1;
        // Old segments go, so that a long test stays small.
        if (sequence % 4096 == 0 && durable > 5'000) (void)(*lane)->trim(durable - 5'000);
    }
}
