// The driver's page says what the driver does: its table of settings is the schema's, and its addresses mean what it says.

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plugins/drivers/modbus/address.hpp"
#include "plugins/drivers/modbus/schema.hpp"

namespace penstock::modbus {
namespace {

// The rows of the table that has this heading, without heading and rule.
std::vector<std::string> table(const std::string& heading) {
    std::ifstream page(std::string(PENSTOCK_SOURCE_DIR) + "/docs/drivers/modbus.md");
    std::vector<std::string> rows;
    bool is_inside = false;
    for (std::string line; std::getline(page, line);) {
        if (is_inside && line.empty()) break;
        if (is_inside && !line.starts_with("|---")) rows.push_back(line);
        is_inside = is_inside || line == heading;
    }
    return rows;
}

std::string row_of(const std::string& key, const nlohmann::ordered_json& property, bool is_required) {
    std::string range;
    if (property.contains("minimum")) range = property["minimum"].dump() + " to " + property["maximum"].dump() + ' ';
    return "| `" + key + "` | " + property["type"].get<std::string>() + " | "
           + (is_required ? "required" : property["default"].dump()) + " | " + range + "| "
           + property["description"].get<std::string>() + " |";
}

TEST(ModbusPage, ListsTheSettingsOfTheSchema) {
    const auto schema = nlohmann::ordered_json::parse(kSettingsSchema);
    const auto required = schema["required"].get<std::vector<std::string>>();
    std::vector<std::string> wanted;
    for (const auto& [key, property] : schema["properties"].items()) {
        const bool is_required = std::ranges::find(required, key) != required.end();
        wanted.push_back(row_of(key, property, is_required));
    }
    EXPECT_EQ(table("| key | type | default | range | meaning |"), wanted);
}

TEST(ModbusPage, ShowsAddressesThatAreOfTheTypeItSays) {
    const auto rows = table("| address | what it is | type of the tag |");
    EXPECT_GE(rows.size(), 10U);
    for (const auto& row : rows) {
        const auto begin = row.find('`') + 1;
        const auto address = row.substr(begin, row.find('`', begin) - begin);
        const auto type_at = row.rfind("| ", row.size() - 2) + 2;
        const auto parsed = parse_address(address);
        ASSERT_TRUE(parsed.has_value()) << address;
        EXPECT_EQ(row.substr(type_at, row.size() - 2 - type_at), to_string(parsed->type)) << address;
    }
}

}  // namespace
}  // namespace penstock::modbus
