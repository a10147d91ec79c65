#include "core/site/json_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "core/site/utf8.hpp"

namespace penstock::site {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word_character(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '-' || c == '+'
           || c == '.';
}
std::string_view word_at(const char* at, const char* end) noexcept {
    const char* stop = std::find_if_not(at, end, is_word_character);
    return {at, static_cast<std::size_t>(stop - at)};
}
std::string place_text(Place place) {
    return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
}

}  // namespace

bool JsonParser::run() {
    document_.nodes_.reserve(source_.text().size() / 24 + 16);
    if (source_.text().starts_with("\xFF\xFE") || source_.text().starts_with("\xFE\xFF")) {
        return fail(at_, "the file is UTF-16; wanted UTF-8", "save it again with the encoding UTF-8");
    }
    std::uint32_t root = 0;
    if (!skip_space() || !make_node(root)) return false;
    if (at_ == end_) return fail(at_, "the file is empty; wanted a JSON object");
    if (!parse_value(root, 1) || !skip_space()) return false;
    if (at_ != end_)
        return fail(at_, "found " + found_here() + " after the end of the document", "is there a bracket too many before it?");
    return true;
}

bool JsonParser::parse_value(std::uint32_t index, std::size_t depth) {
    document_.nodes_[index].offset = source_.offset_of(at_);
    bool is_read = false;
    if (at_ == end_) return fail(at_, "the file ends where a value is wanted");
    switch (*at_) {
        case '{': is_read = parse_object(index, depth); break;
        case '[': is_read = parse_array(index, depth); break;
        case '"': {
            std::string_view text;
            is_read = parse_text(text);
            JsonNode& node = document_.nodes_[index];
            node.kind = JsonKind::text;
            node.text = text.data();
            node.size = static_cast<std::uint32_t>(text.size());
            break;
        }
        default: is_read = *at_ == '-' || is_digit(*at_) ? parse_number(index) : parse_word(index);
    }
    document_.nodes_[index].end = static_cast<std::uint32_t>(document_.nodes_.size());
    return is_read;
}

bool JsonParser::parse_object(std::uint32_t index, std::size_t depth) {
    document_.nodes_[index].kind = JsonKind::object;
    if (depth > kMaxJsonDepth) return fail(at_, "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    ++at_;
    if (!skip_space()) return false;
    if (at_ != end_ && *at_ == '}') return ++at_, true;
    do {
        if (!parse_member(index, depth)) return false;
    } while (another_element(index, '}'));
    if (failed_) return false;
    document_.nodes_[index].end = static_cast<std::uint32_t>(document_.nodes_.size());
    report_duplicate_keys(index);
    return true;
}

bool JsonParser::parse_member(std::uint32_t object, std::size_t depth) {
    if (at_ == end_ || *at_ != '"') {
        const std::string_view word = at_ == end_ ? std::string_view() : word_at(at_, end_);
        if (word.empty()) return fail(at_, "found " + found_here() + " where a key in double quotes is wanted");
        return fail(at_, "the key " + std::string(word) + " is not in double quotes", "write \"" + std::string(word) + "\"");
    }
    const std::uint32_t key_offset = source_.offset_of(at_);
    std::string_view key;
    if (!parse_text(key) || !skip_space()) return false;
    if (at_ == end_ || *at_ != ':')
        return fail(at_, "found " + found_here() + " where a colon is wanted after the key " + in_quotes(key));
    ++at_;
    std::uint32_t index = 0;
    if (!skip_space() || !make_node(index)) return false;
    JsonNode& node = document_.nodes_[index];
    node.key = key.data();
    node.key_size = static_cast<std::uint32_t>(key.size());
    node.key_offset = key_offset;
    ++document_.nodes_[object].size;
    if (key == "param" && (document_.params_.empty() || document_.params_.back() != object))
        document_.params_.push_back(object);
    return parse_value(index, depth + 1);
}

bool JsonParser::parse_array(std::uint32_t index, std::size_t depth) {
    document_.nodes_[index].kind = JsonKind::array;
    if (depth > kMaxJsonDepth) return fail(at_, "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    ++at_;
    if (!skip_space()) return false;
    if (at_ != end_ && *at_ == ']') return ++at_, true;
    do {
        std::uint32_t element = 0;
        if (!make_node(element)) return false;
        ++document_.nodes_[index].size;
        if (!parse_value(element, depth + 1)) return false;
    } while (another_element(index, ']'));
    return !failed_;
}

bool JsonParser::another_element(std::uint32_t container, char close) {
    if (!skip_space()) return false;
    if (at_ != end_ && *at_ == close) return ++at_, false;
    const bool is_object = close == '}';
    if (at_ == end_ || (*at_ != ',' && (*at_ == '}' || *at_ == ']' || *at_ == ':'))) {
        const Place opened = source_.place(document_.nodes_[container].offset);
        return fail(at_, std::string("found ") + found_here() + " where a comma or \"" + close + "\" is wanted: the "
                             + (is_object ? "object" : "array") + " that begins at " + place_text(opened) + " is not closed");
    }
    if (*at_ != ',') {  // go on as if it were there: the rest of the file deserves its faults too
        report(at_, "found " + found_here() + " where a comma or \"" + close + "\" is wanted", "is a comma missing before it?");
        return !failed_ && (!is_object || *at_ == '"' || fail(at_, "the rest of the file cannot be read"));
    }
    const char* const comma = at_++;
    if (!skip_space()) return false;
    if (at_ == end_ || *at_ != close) return true;
    report(comma, std::string("a comma before \"") + close + "\" is not allowed in JSON", "remove it");
    return ++at_, false;
}

void JsonParser::report_duplicate_keys(std::uint32_t object) {
    constexpr std::uint32_t kPairwise = 24;
    const auto& nodes = document_.nodes_;
    const JsonNode& parent = nodes[object];
    const auto key_of = [](const JsonNode& node) { return std::string_view(node.key, node.key_size); };
    if (parent.size <= kPairwise) {
        for (std::uint32_t i = object + 1; i < parent.end; i = nodes[i].end) {
            for (std::uint32_t j = object + 1; j < i; j = nodes[j].end) {
                if (nodes[j].key_size != nodes[i].key_size || key_of(nodes[j]) != key_of(nodes[i])) continue;
                report_duplicate(nodes[j], nodes[i]);
                break;
            }
        }
        return;
    }
    std::unordered_map<std::string_view, std::uint32_t> seen;
    seen.reserve(parent.size);
    for (std::uint32_t i = object + 1; i < parent.end; i = nodes[i].end) {
        const auto [first, is_new] = seen.try_emplace(key_of(nodes[i]), i);
        if (!is_new) report_duplicate(nodes[first->second], nodes[i]);
    }
}

void JsonParser::report_duplicate(const JsonNode& first, const JsonNode& second) {
    report(source_.text().data() + second.key_offset, "the key " + in_quotes({second.key, second.key_size})
                                                          + " is here a second time; the first is at "
                                                          + place_text(source_.place(first.key_offset)));
}

bool JsonParser::parse_number(std::uint32_t index) {
    const char* const start = at_;
    const char* at = at_ + (*at_ == '-' ? 1 : 0);
    const char* const digits = at;
    while (at != end_ && is_digit(*at)) ++at;
    const bool has_bad_start = at == digits || (*digits == '0' && at - digits > 1);
    bool is_whole = true;
    bool is_complete = true;
    if (at != end_ && *at == '.') {
        is_whole = false;
        const char* const fraction = ++at;
        while (at != end_ && is_digit(*at)) ++at;
        is_complete = at != fraction;
    }
    if (is_complete && at != end_ && (*at == 'e' || *at == 'E')) {
        is_whole = false;
        if (++at != end_ && (*at == '+' || *at == '-')) ++at;
        const char* const exponent = at;
        while (at != end_ && is_digit(*at)) ++at;
        is_complete = at != exponent;
    }
    if (has_bad_start || !is_complete || (at != end_ && is_word_character(*at))) {
        return fail(
            start, in_quotes(word_at(start, end_)) + " is no JSON number",
            has_bad_start && *digits == '0' ? "write it without leading zeros" : "wanted digits such as 12, -0.5 or 1e-3");
    }
    at_ = at;
    JsonNode& node = document_.nodes_[index];
    const bool is_negative_zero = *start == '-' && *digits == '0' && is_whole;
    if (is_whole && !is_negative_zero) {
        node.kind = *start == '-' ? JsonKind::integer : JsonKind::unsigned_integer;
        const auto read =
            *start == '-' ? std::from_chars(start, at, node.integer) : std::from_chars(start, at, node.unsigned_integer);
        if (read.ec != std::errc()) {
            report_value(
                start, "the whole number " + in_quotes({start, static_cast<std::size_t>(at - start)}) + " does not fit 64 bits",
                "a double is written with a point or an exponent: 1e20");
        } else if (node.kind == JsonKind::unsigned_integer && node.unsigned_integer <= static_cast<std::uint64_t>(INT64_MAX)) {
            node.kind = JsonKind::integer;
        }
        return true;
    }
    node.kind = JsonKind::number;
    const auto read = std::from_chars(start, at, node.number);
    if (read.ec == std::errc()) return true;
    // Below the smallest double is 0, as everywhere; beyond the largest is a fault.
    const double nearest = std::strtod(std::string(start, at).c_str(), nullptr);
    if (!std::isfinite(nearest))
        report_value(start, "the number " + in_quotes({start, static_cast<std::size_t>(at - start)})
                                + " is beyond the largest double (1.8e308)");
    node.number = std::isfinite(nearest) ? nearest : 0;
    return true;
}

bool JsonParser::parse_word(std::uint32_t index) {
    const std::string_view word = word_at(at_, end_);
    JsonNode& node = document_.nodes_[index];
    if (word == "true" || word == "false") {
        node.kind = JsonKind::boolean;
        node.boolean = word == "true";
    } else if (word == "null") {
        node.kind = JsonKind::null;
    } else if (word.empty()) {
        return fail(at_, "found " + found_here() + " where a value is wanted",
                    *at_ == '\'' ? "texts are in double quotes" : "");
    } else {
        report_value(at_, "the value " + in_quotes(word) + " is neither a number nor true, false or null",
                     "texts are in double quotes: \"" + escaped(word) + "\"");
        node.kind = JsonKind::null;
    }
    at_ += word.size();
    return true;
}

bool JsonParser::skip_space() {
    for (; at_ != end_; ++at_) {
        if (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') continue;
        if (*at_ != '/') return true;
        if (!skip_comment()) return false;
        if (at_ == end_) return true;
        --at_;
    }
    return true;
}

// Leaves at_ behind the comment.
bool JsonParser::skip_comment() {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    const bool is_block = rest.starts_with("/*");
    if (!is_block && !rest.starts_with("//")) return fail(at_, "found \"/\"; a comment begins with \"//\" or \"/*\"");
    const std::size_t stop = is_block ? rest.find("*/", 2) : rest.find('\n');
    if (stop == std::string_view::npos && is_block) return fail(at_, "the comment does not end; \"*/\" is missing");
    const std::size_t length = stop == std::string_view::npos ? rest.size() : stop + (is_block ? 2 : 1);
    const std::size_t bad = find_bad_utf8(rest.substr(0, length));
    if (bad != std::string_view::npos)
        return fail(at_ + bad, "the comment is not UTF-8 here", "save the file with the encoding UTF-8");
    at_ += length;
    return true;
}

bool JsonParser::make_node(std::uint32_t& index) {
    if (document_.nodes_.size() >= kMaxJsonNodes) {
        return fail(at_, "the file has more than " + std::to_string(kMaxJsonNodes) + " values");
    }
    index = static_cast<std::uint32_t>(document_.nodes_.size());
    document_.nodes_.emplace_back();
    return true;
}

bool JsonParser::fail(const char* at, std::string message, std::string hint) {
    if (!failed_) report(at, std::move(message), std::move(hint));
    failed_ = true;
    return false;
}

void JsonParser::report(const char* at, std::string message, std::string hint) {
    faults_.add(source_, source_.offset_of(at), {}, std::move(message), std::move(hint));
}

void JsonParser::report_value(const char* at, std::string message, std::string hint) {
    report(at, std::move(message), std::move(hint));
    faults_.mute(source_, source_.offset_of(at));
}

std::string JsonParser::found_here() const {
    if (at_ == end_) return "the end of the file";
    const std::string_view word = word_at(at_, end_);
    if (!word.empty()) return in_quotes(word);
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    const std::size_t length = utf8_length(rest);
    if (length == 0) return "a byte that is no UTF-8";
    if (*at_ == '"') return "a text";
    return in_quotes(rest.substr(0, length));
}

}  // namespace penstock::site
