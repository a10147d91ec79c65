#include "apps/cli/command_line.hpp"

int main(int argc, char** argv) { return penstock::cli::run(argc, argv); }
