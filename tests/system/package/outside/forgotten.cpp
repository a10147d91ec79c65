// Nobody wrote PENSTOCK_PLUGIN here: this must not become a plugin.
int forgotten() { return 1; }
