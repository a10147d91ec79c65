#pragma once

// Who may do what. Every call of every session passes authorise(), and nothing else decides: later releases change who is
// granted what here, not the handlers.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

namespace penstock::sessions {

// What an operation needs (operation_table.hpp says which). The words are the configuration's; 0 is no right.
enum class Right : std::uint8_t {
    connect = 1,  // say hello, end streams
    browse,       // see which tags there are
    read,         // see values
    write,        // change values
    explain,      // see how a value came about: addresses, requests, answers
    status,       // see the server's state
    definitions,  // see screens, texts and stations
    history,      // see what was archived
    events,       // see what people and the server did
    journal,      // see how the plant's memory is
    administer,   // copy all of it out
    alarms,       // see alarms, their history and figures
    acknowledge_alarms,  // and confirm, reset, silence, comment: what an operator does all day
    shelve_alarms,  // put them aside for a time, and back
    take_out_alarms,  // of service, and back: what nobody is told of until somebody puts it back
};
[[nodiscard]] std::string_view to_string(Right right) noexcept;

// Whom the server takes a caller for. Made by what authenticates (Unix peer credentials, the program itself), never by the caller.
struct Principal {
    std::string name;  // as shown and logged
    bool is_administrator = false;
};

// Where an authorised call may act. Handlers treat what it does not cover as if it did not exist.
class Grant {
public:
    [[nodiscard]] static Grant everywhere() noexcept { return Grant(); }
    // In these areas and in all inside of them. What has no area belongs to the whole plant, and is not covered.
    [[nodiscard]] static Grant of_areas(std::vector<std::string> areas);
    [[nodiscard]] bool covers(std::string_view area) const noexcept;

private:
    Grant() = default;
    std::shared_ptr<const std::vector<std::string>> areas_;  // null: everywhere. Shared, for each question carries a copy
};

// The one decision. `areas` are the plant areas that the request names (none: it names none). Denied, with a sentence that names
// caller and right, if the caller has the right in none of them. An administrator has every right everywhere, anybody
// else none. [any-thread]
[[nodiscard]] Result<Grant> authorise(const Principal& principal, Right right, std::span<const std::string> areas);

}  // namespace penstock::sessions
