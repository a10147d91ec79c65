// Two widgets: one draws nothing, the other cannot be made.

#include <stdexcept>

#include <penstock/plugin.hpp>
#include <penstock/widget.hpp>

namespace {

class Blank final : public penstock::Widget {
public:
    static constexpr std::string_view kType = "blank";
    static constexpr std::string_view kSchema = R"({"bindings": {}})";
    void draw(penstock::Frame& frame) override { frame.describe("nothing"); }
};

class Broken final : public penstock::Widget {
public:
    static constexpr std::string_view kType = "broken";
    static constexpr std::string_view kSchema = "{}";
    Broken() { throw std::runtime_error("the widget's own words"); }
    void draw(penstock::Frame&) override {}
};

}  // namespace

using Widgets = penstock::WidgetSet<Blank, Broken>;

PENSTOCK_PLUGIN(Widgets, "widget.blank", "1.0.0", "{}");
