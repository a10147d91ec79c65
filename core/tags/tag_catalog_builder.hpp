#pragma once

// Makes a TagCatalog:
//
//     TagCatalogBuilder builder;
//     for (const auto& tag : tags) builder.add(tag);
//     auto catalog = builder.build(ids);   // gives each name its id
//     if (catalog) saved = ids.save();     // before the first value is stored under a new id
//
// Items are numbered by the order in which a device's tags are added. 100,000 tags take about 40 ms.

#include <memory>

#include <penstock/result.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::tags {

class TagIdStore;

class TagCatalogBuilder final {
public:
    TagCatalogBuilder();
    ~TagCatalogBuilder();
    TagCatalogBuilder(TagCatalogBuilder&&) noexcept;
    TagCatalogBuilder& operator=(TagCatalogBuilder&&) noexcept;

    void reserve(std::size_t tags);
    // Copies what it needs. Faults are kept for build(), which names the first.
    void add(const TagDefinition& tag);
    [[nodiscard]] std::size_t size() const noexcept;

    // Leaves the builder empty. Error invalid_config, where = file:line:column of the tag: a name that is empty, too long
    // or given twice, a `was` whose tag still exists, a type that no tag can have. The store is then as it was before.
    // Checks of sense (ranges, addresses, units) are the site's.
    [[nodiscard]] Result<std::shared_ptr<const TagCatalog>> build(TagIdStore& ids);

private:
    struct Draft;
    std::unique_ptr<Draft> draft_;
};

}  // namespace penstock::tags
