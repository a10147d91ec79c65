#pragma once

// How a plant's memory looks in words: lanes, consumers, what the disk has room for. Of JournalReply.

#include <string>

#include <penstock/history_operations.hpp>

namespace penstock::cli {

// "812 B", "4.3 MB", "1.2 TB": thousands, as disks are sold.
[[nodiscard]] std::string bytes_text(double bytes);

// One block a lane and a table of consumers: `penstock journal`.
[[nodiscard]] std::string journal_text(const JournalReply& reply);
// A few lines for `penstock status`: durable up to, rate, lag, how long an outage is covered, size, forecast.
[[nodiscard]] std::string memory_lines(const JournalReply& reply, UtcTime now);
// Sentences of what is not well; empty if all is.
[[nodiscard]] std::vector<std::string> memory_warnings(const JournalReply& reply);

}  // namespace penstock::cli
