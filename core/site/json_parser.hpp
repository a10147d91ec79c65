#pragma once

#include "core/site/json_document.hpp"

namespace penstock::site {

// Recursive descent over one text; json_document.hpp says what is read and what is a fault. Made for one use.
class JsonParser {
public:
    JsonParser(JsonDocument& document, FaultList& faults) noexcept
        : document_(document),
          source_(document.source()),
          faults_(faults),
          at_(source_.text().data()),
          end_(at_ + source_.text().size()) {}

    // False after a fault that could not be read over.
    [[nodiscard]] bool run();

private:
    [[nodiscard]] bool parse_value(std::uint32_t index, std::size_t depth);
    [[nodiscard]] bool parse_object(std::uint32_t index, std::size_t depth);
    [[nodiscard]] bool parse_member(std::uint32_t object, std::size_t depth);
    [[nodiscard]] bool parse_array(std::uint32_t index, std::size_t depth);
    [[nodiscard]] bool parse_number(std::uint32_t index);
    [[nodiscard]] bool parse_word(std::uint32_t index);
    // After an element: true to go on with the next, false at the closing bracket or after a fatal fault (failed_).
    [[nodiscard]] bool another_element(std::uint32_t container, char close);
    void report_duplicate_keys(std::uint32_t object);
    void report_duplicate(const JsonNode& first, const JsonNode& second);

    // The text whose opening quotation mark is next; `what` is "a key" or "a text".
    [[nodiscard]] bool parse_text(std::string_view& text);
    [[nodiscard]] bool parse_escaped_text(const char* start, const char* plain_end, std::string_view& text);
    [[nodiscard]] bool parse_escape(std::string& text);
    [[nodiscard]] bool parse_unicode_escape(std::string& text);
    [[nodiscard]] bool parse_hex4(char32_t& code);
    [[nodiscard]] bool check_character(const char* at);

    [[nodiscard]] bool skip_space();  // and comments; false after a comment that does not end
    [[nodiscard]] bool skip_comment();
    [[nodiscard]] bool make_node(std::uint32_t& index);
    bool fail(const char* at, std::string message, std::string hint = {});
    void report(const char* at, std::string message, std::string hint = {});
    void report_value(const char* at, std::string message, std::string hint = {});  // one that cannot be what was meant
    [[nodiscard]] std::string found_here() const;

    JsonDocument& document_;
    const SourceText& source_;
    FaultList& faults_;
    const char* at_;
    const char* end_;
    bool failed_ = false;
};

}  // namespace penstock::site
