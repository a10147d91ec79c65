#pragma once

// CSV as spreadsheets write it (RFC 4180): a header line, then one record a line; fields in double quotes may hold
// separators, line breaks and "" for a quotation mark. The separator is ';' or ',', whichever the header line has more
// of. Lines end with LF or CRLF. Spaces around a field without quotes do not count; lines without any text are skipped.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/fault_list.hpp"
#include "core/site/source_text.hpp"

namespace penstock::site {

struct CsvField {
    std::string_view text;
    std::uint32_t offset = 0;  // of its first character, the quotation mark if it has one
};

class CsvReader {
public:
    CsvReader(const SourceText& source, FaultList& faults);

    // The next record that has any text; the first is the header. False at the end, or after a fault that cannot be read over.
    // Views are valid as long as source and reader.
    [[nodiscard]] bool next(std::vector<CsvField>& record);
    [[nodiscard]] char separator() const noexcept { return separator_; }
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    // Fields with "" inside, put together: views point into these. Take them when the reader goes first.
    [[nodiscard]] std::deque<std::string> take_unquoted() noexcept { return std::move(unquoted_); }

private:
    [[nodiscard]] static char guess_separator(std::string_view text) noexcept;
    void read_record(std::vector<CsvField>& record);
    [[nodiscard]] CsvField read_plain();
    [[nodiscard]] CsvField read_quoted();
    void skip_blanks() noexcept;
    void fail(std::size_t offset, std::string message, std::string hint = {});

    const SourceText& source_;
    FaultList& faults_;
    std::string_view text_;
    std::size_t at_ = 0;
    char separator_;
    bool failed_ = false;
    std::deque<std::string> unquoted_;
};

}  // namespace penstock::site
