#pragma once

// Collects the faults of a site while it is read, and the small words that their sentences share.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/site/fault.hpp"
#include "core/site/source_text.hpp"

namespace penstock::site {

// An instance of a type, as its faults name it.
struct InstancePlace {
    std::string_view text;               // "pump_1 (tags/pumps.json:4:3)"
    const SourceText* source = nullptr;  // where it stands
};

class FaultList {
public:
    // While it lives, faults are of this instance: a fault at a place in its type's file is told once, whatever many instances have it,
    // and names the first. Null: of none.
    class OfInstance {
    public:
        OfInstance(FaultList& faults, const InstancePlace* instance) noexcept
            : faults_(faults), before_(std::exchange(faults.instance_, instance)) {}
        ~OfInstance() { faults_.instance_ = before_; }
        OfInstance(const OfInstance&) = delete;
        OfInstance& operator=(const OfInstance&) = delete;

    private:
        FaultList& faults_;
        const InstancePlace* before_;
    };

    void add(Fault fault);
    void add(const SourceText& source, std::size_t offset, std::string path, std::string message, std::string hint = {});
    // Drops further faults at a place where no value could be read: what stands in its stead would only cause follow-ups.
    void mute(const SourceText& source, std::size_t offset);
    // Of the site folder or a file as a whole.
    void add_file(std::string file, std::string message, std::string hint = {});

    [[nodiscard]] bool empty() const noexcept { return faults_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return faults_.size(); }
    // Further faults are counted only: no need to find out more about them.
    [[nodiscard]] bool is_full() const noexcept { return faults_.size() + 1 >= kMaxFaults; }
    // True as long as a suggestion that costs a look at every tag may be made: of a hundred thousand faults nobody reads
    // the last, and their hints would cost minutes.
    [[nodiscard]] bool may_search() noexcept { return searches_++ < 200; }

    // In order of file, line and column; at most kMaxFaults, the last one then says how many are not listed.
    [[nodiscard]] std::vector<Fault> take();

private:
    // False if another instance told of this place already.
    [[nodiscard]] bool is_first_to_tell(const SourceText& source, std::size_t offset);

    struct Muted {
        const SourceText* source;
        std::size_t offset;
        bool operator==(const Muted&) const = default;
    };
    std::vector<Fault> faults_;
    std::vector<Muted> muted_;  // few: each cost a fault
    std::size_t dropped_ = 0;
    std::size_t searches_ = 0;
    const InstancePlace* instance_ = nullptr;
    std::map<std::pair<const SourceText*, std::size_t>, const InstancePlace*> told_;  // places in types: by whom
    std::set<std::tuple<const SourceText*, std::size_t, std::string>> said_;  // of instances: what several members take over
};

// The text in double quotes, cut at 60 characters, control characters escaped.
[[nodiscard]] std::string in_quotes(std::string_view text);
// Control characters as \n, \t, \u001b.
[[nodiscard]] std::string escaped(std::string_view text);
// A sentence of somebody else's that already names the nearest word: one suggestion is enough.
[[nodiscard]] bool has_suggestion(std::string_view sentence) noexcept;
// "1 tag", "2 tags"
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);
// A key as a JSON pointer's token.
[[nodiscard]] std::string pointer_token(std::string_view key);

}  // namespace penstock::site
