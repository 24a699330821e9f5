/* What libFuzzer, and replay.c, call with each input. */
#ifndef EVENHAND_TESTS_FUZZ_FUZZ_H
#define EVENHAND_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A target may have a mutator of its own, on top of the fuzzer's: both return the new length. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed)
    __attribute__((weak));
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room) __attribute__((weak));

#endif
