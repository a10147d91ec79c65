#pragma once

// The whole way of a value into memory, as a server has it: engine, capture, archiver, values lane with its thread, consumer, SQLite
// historian; and a session that asks for what was. Only devices are missing.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <penstock/abi/plain.hpp>
#include <penstock/session.hpp>
#include <penstock/time.hpp>

namespace penstock::bench {

class Pipeline {
public:
    // `folder` must be empty. Tags 0 to tags - 1 have the types of the signals, in turn, and archive every sample.
    Pipeline(const std::filesystem::path& folder, std::uint32_t tags);
    ~Pipeline();

    // One batch through the engine. Waits while the archiver is more than half a million samples behind: a plant that
    // is faster than its server.
    void put(const abi::Columns& columns, Now now);
    // Returns when all that was put is in the historian, stored with its position. Ends the program if anything was lost on the way.
    void store();
    // The same, and nothing can be put afterwards.
    void finish();

    // Asks while values come in. One thread's, any.
    [[nodiscard]] Session& session();
    [[nodiscard]] static std::string tag(std::uint32_t number);

    // From put() until the sample was durable, the longest.
    [[nodiscard]] Duration longest_to_durable() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::bench
