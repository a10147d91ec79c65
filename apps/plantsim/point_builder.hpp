// Writes the rows of the register map: one call says where a point lies, the calls behind it what it is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/plantsim/point.hpp"

namespace penstock::plantsim {

// Fills in one row. Each method answers the row again.
class Row {
public:
    explicit Row(Point& point) : point_(&point) {}

    // 0..27648 in a uint16 register for low..high.
    Row& analog(double low, double high, std::string unit) {
        return scaled(RawType::uint16, 27648.0, low, high, std::move(unit));
    }
    // 0..raw_high in the register for low..high.
    Row& scaled(RawType raw, double raw_high, double low, double high, std::string unit) {
        point_->raw_low = 0.0;
        point_->raw_high = raw_high;
        return typed(raw, "double", low, high, std::move(unit));
    }
    // The value itself, as float32.
    Row& real(double low, double high, std::string unit, WordOrder order = WordOrder::abcd) {
        point_->order = order;
        return plain(RawType::float32, "double", low, high, std::move(unit));
    }
    // The value itself, as an unsigned number.
    Row& number(RawType raw, double high, std::string unit) { return plain(raw, "uint", 0.0, high, std::move(unit)); }
    // Raises the lower end of a number.
    Row& from(double low) {
        point_->low = point_->raw_low = low;
        return *this;
    }
    // A uint32 that counts hundredths of `unit`.
    Row& hundredths(std::string unit) {
        return scaled(RawType::uint32, 4294967295.0, 0.0, 42949672.95, std::move(unit)).slow();
    }
    // int16 in hundredths.
    Row& signed_hundredths(double low, double high, std::string unit) {
        point_->raw_low = low * 100.0;
        point_->raw_high = high * 100.0;
        return typed(RawType::int16, "double", low, high, std::move(unit));
    }
    Row& bit(int number) {
        point_->bit = number;
        return boolean();
    }
    Row& boolean() { return plain(RawType::boolean, "bool", 0.0, 1.0, ""); }
    Row& slow() {
        point_->scan_class = "slow";
        return *this;
    }
    Row& of(int index) {
        point_->index = index;
        return *this;
    }
    Row& reads(Point::Get get) {
        point_->get = get;
        return *this;
    }
    Row& writes(Point::Set set) {
        point_->set = set;
        return *this;
    }

private:
    Row& plain(RawType raw, const char* type, double low, double high, std::string unit) {
        point_->raw_low = low;
        point_->raw_high = high;
        return typed(raw, type, low, high, std::move(unit));
    }
    Row& typed(RawType raw, const char* type, double low, double high, std::string unit) {
        point_->raw = raw;
        point_->type = type;
        point_->low = low;
        point_->high = high;
        point_->unit = std::move(unit);
        return *this;
    }

    Point* point_;
};

class PointBuilder {
public:
    // The area of the rows that follow.
    void area(std::string path) { area_ = std::move(path); }

    // A row answered here is good until the next one is begun.
    Row coil(std::string name, int address, std::string text) {
        return add(PointKind::coil, std::move(name), address, std::move(text)).boolean();
    }
    Row discrete(std::string name, int address, std::string text) {
        return add(PointKind::discrete, std::move(name), address, std::move(text)).boolean();
    }
    Row input(std::string name, int address, std::string text) {
        return add(PointKind::input, std::move(name), address, std::move(text));
    }
    Row holding(std::string name, int address, std::string text) {
        return add(PointKind::holding, std::move(name), address, std::move(text));
    }

    std::vector<Point> take() { return std::move(points_); }

private:
    Row add(PointKind kind, std::string name, int address, std::string text) {
        Point& point = points_.emplace_back();
        point.kind = kind;
        point.name = std::move(name);
        point.address = static_cast<std::uint16_t>(address);
        point.area = area_;
        point.description = std::move(text);
        return Row(point);
    }

    std::string area_;
    std::vector<Point> points_;
};

}  // namespace penstock::plantsim
