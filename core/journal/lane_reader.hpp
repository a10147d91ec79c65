#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <penstock/result.hpp>

#include "core/journal/record.hpp"

namespace penstock::journal {

// Goes through the durable records of a lane in order. One thread at a time, [worker]; several readers at once are fine, and so is
// the lane's thread appending meanwhile.
class LaneReader {
public:
    virtual ~LaneReader() = default;

    // The next record, valid until the next call; false at the end of what is durable (there may be more later). Errors: those of
    // the file system. A damaged record is no error: it is passed over together with what cannot be found behind it, and counted
    // by skipped(); nothing damaged is ever handed out.
    [[nodiscard]] virtual Result<bool> next(Record& record) = 0;
    // Of the next record.
    [[nodiscard]] virtual Position position() const noexcept = 0;
    // Records that were trimmed or damaged and therefore passed over since the last call; and what happened, for the gap.
    struct Skip {
        Position from = 0, to = 0;  // equal: nothing was skipped
        std::string cause;
    };
    [[nodiscard]] virtual Skip take_skip() = 0;
};

}  // namespace penstock::journal
