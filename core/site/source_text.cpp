#include "core/site/source_text.hpp"

#include <algorithm>
#include <cstring>

namespace penstock::site {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint32_t count_continuations_in(std::string_view bytes) noexcept {
    std::uint32_t count = 0;
    for (const char byte : bytes) count += static_cast<signed char>(byte) < -64 ? 1U : 0U;  // 10xxxxxx
    return count;
}

}  // namespace

SourceText::SourceText(std::string name, std::string bytes) : name_(std::move(name)), bytes_(std::move(bytes)), text_(bytes_) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    index_lines();
    count_continuations();
}

void SourceText::index_lines() {
    line_starts_.push_back(0);
    const char* const begin = text_.data();
    const char* const end = begin + text_.size();
    const char* at = begin;
    while (at != end) {
        const auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        if (newline == nullptr) return;
        at = newline + 1;
        line_starts_.push_back(static_cast<std::uint32_t>(at - begin));
    }
}

void SourceText::count_continuations() {
    std::vector<std::uint32_t> before;
    before.reserve(text_.size() / kBlock + 1);
    std::uint32_t count = 0;
    for (std::size_t at = 0; at < text_.size(); at += kBlock) {
        before.push_back(count);
        count += count_continuations_in(text_.substr(at, kBlock));
    }
    if (count != 0) continuations_ = std::move(before);
}

std::size_t SourceText::continuations_before(std::size_t offset) const noexcept {
    if (continuations_.empty() || offset == 0) return 0;
    const std::size_t block = (offset - 1) / kBlock;
    const std::size_t start = block * kBlock;
    return continuations_[block] + count_continuations_in(text_.substr(start, offset - start));
}

Place SourceText::place(std::size_t offset) const noexcept {
    offset = std::min(offset, text_.size());
    const auto next = std::ranges::upper_bound(line_starts_, static_cast<std::uint32_t>(offset));
    const std::size_t start = *(next - 1);
    const std::size_t characters = offset - start - (continuations_before(offset) - continuations_before(start));
    return {static_cast<std::uint32_t>(next - line_starts_.begin()), static_cast<std::uint32_t>(characters + 1)};
}

}  // namespace penstock::site
