#include "core/site/fault.hpp"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "core/site/fault_list.hpp"

namespace penstock::site {
namespace {

bool is_before(const Fault& a, const Fault& b) {
    return std::tie(a.file, a.line, a.column, a.path, a.message) < std::tie(b.file, b.line, b.column, b.path, b.message);
}

}  // namespace

std::string Fault::text() const {
    std::string sentence = file.empty() ? std::string() : escaped(file);
    if (line != 0) sentence += ":" + std::to_string(line) + ":" + std::to_string(column);
    if (!sentence.empty()) sentence += ": ";
    sentence += escaped(message);
    if (!hint.empty()) sentence += "; " + escaped(hint);
    return sentence;
}

std::string to_json(std::span<const Fault> faults) {
    auto list = nlohmann::ordered_json::array();
    for (const Fault& fault : faults) {
        list.push_back({{"file", fault.file},
                        {"line", fault.line},
                        {"column", fault.column},
                        {"path", fault.path},
                        {"message", fault.message},
                        {"hint", fault.hint}});
    }
    // File names are bytes: what is no UTF-8 is shown as a replacement character.
    return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void FaultList::add(Fault fault) {
    if (!is_full()) {
        faults_.push_back(std::move(fault));
    } else {
        ++dropped_;
    }
}

void FaultList::add(const SourceText& source, std::size_t offset, std::string path, std::string message, std::string hint) {
    if (std::ranges::find(muted_, Muted{&source, offset}) != muted_.end()) return;
    if (instance_ != nullptr) {
        const bool is_its_own = instance_->source == &source;
        if (is_its_own ? !said_.emplace(&source, offset, message).second : !is_first_to_tell(source, offset)) return;
        if (!is_its_own) message += ", in " + std::string(instance_->text);
    }
    const Place place = source.place(offset);
    add(Fault{source.name(), place.line, place.column, std::move(path), std::move(message), std::move(hint)});
}

bool FaultList::is_first_to_tell(const SourceText& source, std::size_t offset) {
    return told_.try_emplace({&source, offset}, instance_).first->second == instance_;
}

void FaultList::mute(const SourceText& source, std::size_t offset) {
    if (muted_.size() < kMaxFaults) muted_.push_back({&source, offset});
}

void FaultList::add_file(std::string file, std::string message, std::string hint) {
    add(Fault{std::move(file), 0, 0, {}, std::move(message), std::move(hint)});
}

std::vector<Fault> FaultList::take() {
    std::sort(faults_.begin(), faults_.end(), is_before);
    if (dropped_ != 0) {
        faults_.push_back(Fault{{}, 0, 0, {}, "and " + counted(dropped_, "more fault") + " that are not listed", {}});
    }
    dropped_ = 0;
    return std::exchange(faults_, {});
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kShown = 60;
    if (text.size() <= kShown) return '"' + escaped(text) + '"';
    std::size_t cut = kShown;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return '"' + escaped(text.substr(0, cut)) + "…\"";
}

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '\n')
            result += "\\n";
        else if (c == '\t')
            result += "\\t";
        else if (c == '\r')
            result += "\\r";
        else if (code < 0x20 || code == 0x7F) {
            constexpr char kDigits[] = "0123456789abcdef";
            result += "\\u00";
            result += kDigits[code >> 4U];
            result += kDigits[code & 0xFU];
        } else {
            result += c;
        }
    }
    return result;
}

bool has_suggestion(std::string_view sentence) noexcept {
    return sentence.find("did you mean") != std::string_view::npos || sentence.find("known: ") != std::string_view::npos;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string pointer_token(std::string_view key) {
    std::string token;
    for (const char c : key) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += c;
    }
    return token;
}

}  // namespace penstock::site
