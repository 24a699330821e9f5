/* The entry point that libFuzzer, and replay.c, call with each input. */
#ifndef EVENHAND_TESTS_FUZZ_FUZZ_H
#define EVENHAND_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
