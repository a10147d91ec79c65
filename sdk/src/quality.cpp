#include <penstock/quality.hpp>

namespace penstock {

std::string_view to_string(QualityLevel level) noexcept {
    switch (level) {
        case QualityLevel::good: return "good";
        case QualityLevel::uncertain: return "uncertain";
        case QualityLevel::bad: return "bad";
    }
    return "bad";
}

std::string_view to_string(QualityCode code) noexcept {
    switch (code) {
        case QualityCode::good: return "good";
        case QualityCode::good_local_override: return "good_local_override";
        case QualityCode::uncertain: return "uncertain";
        case QualityCode::uncertain_last_usable: return "uncertain_last_usable";
        case QualityCode::uncertain_substitute: return "uncertain_substitute";
        case QualityCode::uncertain_initial: return "uncertain_initial";
        case QualityCode::uncertain_sensor_not_accurate: return "uncertain_sensor_not_accurate";
        case QualityCode::uncertain_range_exceeded: return "uncertain_range_exceeded";
        case QualityCode::uncertain_sub_normal: return "uncertain_sub_normal";
        case QualityCode::uncertain_data_sub_normal: return "uncertain_data_sub_normal";
        case QualityCode::uncertain_source_time: return "uncertain_source_time";
        case QualityCode::bad: return "bad";
        case QualityCode::bad_internal: return "bad_internal";
        case QualityCode::bad_communication: return "bad_communication";
        case QualityCode::bad_decoding: return "bad_decoding";
        case QualityCode::bad_timeout: return "bad_timeout";
        case QualityCode::bad_no_communication: return "bad_no_communication";
        case QualityCode::bad_waiting_for_initial: return "bad_waiting_for_initial";
        case QualityCode::bad_not_readable: return "bad_not_readable";
        case QualityCode::bad_out_of_range: return "bad_out_of_range";
        case QualityCode::bad_not_found: return "bad_not_found";
        case QualityCode::bad_type_mismatch: return "bad_type_mismatch";
        case QualityCode::bad_configuration: return "bad_configuration";
        case QualityCode::bad_not_connected: return "bad_not_connected";
        case QualityCode::bad_device_failure: return "bad_device_failure";
        case QualityCode::bad_sensor_failure: return "bad_sensor_failure";
        case QualityCode::bad_out_of_service: return "bad_out_of_service";
        case QualityCode::bad_no_data: return "bad_no_data";
    }
    return to_string(level(code));
}

}  // namespace penstock
