# Precompiled headers: filled in below once measured.
option(PENSTOCK_PRECOMPILED "use precompiled headers" ON)

# penstock_use_precompiled(TARGET core|test)
function(penstock_use_precompiled target kind)
endfunction()
