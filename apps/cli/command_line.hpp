#pragma once

namespace penstock::cli {

// Reads the command line, runs its verb, returns the exit code. Never throws.
int run(int argc, char** argv);

}  // namespace penstock::cli
