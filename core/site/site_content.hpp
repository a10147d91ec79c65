#pragma once

// What a Site holds. Internal to core/site.

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/site/alarms/site_alarms.hpp"
#include "core/site/json_document.hpp"
#include "core/site/site.hpp"
#include "core/site/types/text_keeper.hpp"

namespace penstock::site {

struct SiteContent {
    std::string name, time_zone = "UTC", start_screen, revision;
    std::vector<std::string> languages{"en"};
    std::vector<std::string> areas;
    std::vector<Device> devices;
    std::vector<PluginUse> plugins;
    JournalSettings journal;
    std::vector<Document> documents;
    std::vector<tags::TagDefinition> tags;
    SiteAlarms alarms;
    std::map<std::string, tags::ArchiveRule> archive_rules;  // by how they are written; tag definitions point to them

    // What the tag definitions' views point into.
    std::vector<std::shared_ptr<const SourceText>> sources;
    std::vector<std::unique_ptr<JsonDocument>> json;
    std::vector<std::deque<std::string>> texts;
    TextKeeper made_texts;  // of instances
    std::set<std::string, std::less<>> units;  // of expressions
};

}  // namespace penstock::site
