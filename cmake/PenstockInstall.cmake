# What `cmake --install` leaves behind: the programs and plugins (by their own functions), and the SDK as find_package(Penstock).
