#include "core/site/csv_reader.hpp"

#include <algorithm>

#include "core/site/utf8.hpp"

namespace penstock::site {

CsvReader::CsvReader(const SourceText& source, FaultList& faults)
    : source_(source), faults_(faults), text_(source.text()), separator_(guess_separator(text_)) {
    const std::size_t bad = find_bad_utf8(text_);
    if (bad != std::string_view::npos) fail(bad, "the file is not UTF-8 here", "save it as \"CSV UTF-8\"");
    const std::size_t nul = text_.find('\0');
    if (!failed_ && nul != std::string_view::npos)
        fail(nul, "the file has a NUL byte here; wanted text", "save it as \"CSV UTF-8\"");
}

char CsvReader::guess_separator(std::string_view text) noexcept {
    const std::string_view header = text.substr(0, text.find('\n'));
    bool is_quoted = false;
    std::size_t commas = 0;
    std::size_t semicolons = 0;
    for (const char c : header) {
        if (c == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        commas += c == ',' ? 1U : 0U;
        semicolons += c == ';' ? 1U : 0U;
    }
    return semicolons > commas ? ';' : ',';
}

bool CsvReader::next(std::vector<CsvField>& record) {
    while (!failed_ && at_ < text_.size()) {
        read_record(record);
        if (failed_) return false;
        if (std::ranges::any_of(record, [](const CsvField& field) { return !field.text.empty(); })) return true;
    }
    return false;
}

void CsvReader::read_record(std::vector<CsvField>& record) {
    record.clear();
    for (;;) {
        skip_blanks();
        record.push_back(at_ < text_.size() && text_[at_] == '"' ? read_quoted() : read_plain());
        if (failed_ || at_ == text_.size()) return;
        if (text_[at_++] == '\n') return;
    }
}

void CsvReader::skip_blanks() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

// Up to the separator or line break, which at_ then points at.
CsvField CsvReader::read_plain() {
    const std::size_t start = at_;
    const char* const data = text_.data();
    std::size_t at = at_;
    while (at != text_.size() && data[at] != separator_ && data[at] != '\n') ++at;
    at_ = at;
    while (at > start && (data[at - 1] == ' ' || data[at - 1] == '\t' || data[at - 1] == '\r')) --at;
    return {text_.substr(start, at - start), static_cast<std::uint32_t>(start)};
}

CsvField CsvReader::read_quoted() {
    const std::size_t opening = at_++;
    std::size_t start = at_;
    std::string joined;
    bool is_joined = false;
    for (;;) {
        const std::size_t quote = text_.find('"', at_);
        if (quote == std::string_view::npos) {
            fail(opening, "the field does not end; a closing quotation mark is missing");
            return {};
        }
        at_ = quote + 1;
        if (at_ == text_.size() || text_[at_] != '"') break;
        joined.append(text_, start, at_ - start);  // with one of the two marks
        start = ++at_;
        is_joined = true;
    }
    std::string_view field = text_.substr(start, at_ - 1 - start);
    if (is_joined) {
        joined += field;
        field = unquoted_.emplace_back(std::move(joined));
    }
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    if (at_ != text_.size() && text_[at_] != separator_ && text_[at_] != '\n') {
        fail(
            at_,
            "found text after the closing quotation mark; wanted \"" + std::string(1, separator_) + "\" or the end of the line",
            "a quotation mark inside a field is written twice");
    }
    return {field, static_cast<std::uint32_t>(opening)};
}

void CsvReader::fail(std::size_t offset, std::string message, std::string hint) {
    failed_ = true;
    faults_.add(source_, offset, {}, std::move(message), std::move(hint));
}

}  // namespace penstock::site
