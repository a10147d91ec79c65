#include "core/site/time_zones.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace penstock::site {
namespace {

// tzdata.zi, the compact form of the database: lines "Z NAME ..." define a zone, "L TARGET NAME" an alias.
std::vector<std::string> read_zones() {
    std::vector<std::string> zones;
    std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("Z ") && !line.starts_with("L ")) continue;
        std::istringstream words(line);
        std::string kind;
        std::string name;
        words >> kind >> name;
        if (kind == "L") words >> name;
        if (words) zones.push_back(name);
    }
    std::ranges::sort(zones);
    return zones;
}

}  // namespace

const std::vector<std::string>& time_zones() {
    static const std::vector<std::string> zones = read_zones();
    return zones;
}

}  // namespace penstock::site
