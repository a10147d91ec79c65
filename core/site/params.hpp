#pragma once

// {"param": NAME, "default": VALUE}: a text or number that is set where the site is used.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/json_document.hpp"
#include "core/site/site.hpp"

namespace penstock::site {

class ParamTable {
public:
    // Reads the overlay, if there is one.
    ParamTable(const Params& params, FaultList& faults);

    // Puts values in the place of all parameters of a document. --set is stronger than the overlay, and that than the default.
    // A parameter has the type of its default; without one it is a text and must be set.
    void apply(JsonDocument& document, FaultList& faults);
    // After all documents: faults for names that no file asks for.
    void report_unused(FaultList& faults) const;

private:
    struct Setting {
        std::string name;
        std::string text;  // of --set
        JsonView overlay;  // or of the overlay
        bool is_used = false;
    };
    [[nodiscard]] Setting* find(std::string_view name) noexcept;
    void read_overlay(const std::filesystem::path& path, FaultList& faults);
    void apply_one(JsonDocument& document, const JsonView& object, FaultList& faults);
    void put_text(JsonDocument& document, const JsonView& object, const JsonView& otherwise, const Setting& setting,
                  FaultList& faults) const;
    void put_overlay(JsonDocument& document, const JsonView& object, const JsonView& otherwise, const Setting& setting,
                     FaultList& faults) const;

    std::unique_ptr<JsonDocument> overlay_;
    std::vector<Setting> settings_;
    std::vector<std::string> known_;  // names that files ask for
};

}  // namespace penstock::site
