// What must not compile (R3): each CASE by itself, tried by the tests operation_row.* of CMakeLists.txt. CASE 0 compiles.
#include "core/sessions/handlers.hpp"

using namespace penstock;
using namespace penstock::sessions;

#if CASE == 0
constexpr Operation<ReadRequest> row(Right::read, &areas_of_read, &handle_read, "Reads.");
constexpr Operation<AlarmActionRequest> choice({{Right::write, Right::read}, &right_of_action}, &named_area<AlarmActionRequest>,
                                               &handle_alarm_action, "Acts.");
#elif CASE == 1  // no right
constexpr Operation<ReadRequest> row(Right{}, &areas_of_read, &handle_read, "Reads.");
#elif CASE == 2  // no handler
constexpr Operation<ReadRequest> row(Right::read, &areas_of_read, nullptr, "Reads.");
#elif CASE == 3  // no areas
constexpr Operation<ReadRequest> row(Right::read, nullptr, &handle_read, "Reads.");
#elif CASE == 4  // right left out
constexpr Operation<ReadRequest> row(&areas_of_read, &handle_read, "Reads.");
#elif CASE == 5  // another operation's handler
constexpr Operation<ReadRequest> row(Right::read, &areas_of_read, &handle_browse, "Reads.");
#elif CASE == 7  // a choice of rights without who chooses
constexpr Operation<AlarmActionRequest> row({{Right::write, Right::read}, nullptr}, &named_area<AlarmActionRequest>,
                                            &handle_alarm_action, "Acts.");
#elif CASE == 8  // a choice of one
constexpr Operation<AlarmActionRequest> row({{Right::write}, &right_of_action}, &named_area<AlarmActionRequest>,
                                            &handle_alarm_action, "Acts.");
#elif CASE == 9  // a choice of something that is no right
constexpr Operation<AlarmActionRequest> row({{Right::write, Right{}}, &right_of_action}, &named_area<AlarmActionRequest>,
                                            &handle_alarm_action, "Acts.");
#elif CASE == 10  // another request's choice
constexpr Operation<ReadRequest> row({{Right::write, Right::read}, &right_of_action}, &areas_of_read, &handle_read, "Reads.");
#elif CASE == 6  // a request without a row
constexpr std::tuple table{Operation<ReadRequest>(Right::read, &areas_of_read, &handle_read, "Reads.")};
static_assert(covers_all_requests<std::remove_const_t<decltype(table)>>);
#endif

int main() {}
