// For functions that cudarc declares but that are not emulated: they are there for the linker. Weak, so that those which
// are emulated take their place.
#include <stdio.h>

#define UNSUPPORTED(name)                                                                                              \
    __attribute__((weak, visibility("default"))) int name(void) {                                                      \
        fprintf(stderr, "emulated CUDA: no %s\n", #name);                                                              \
        return NOT_SUPPORTED;                                                                                          \
    }
