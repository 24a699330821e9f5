/* An evidence package, read back. */
#ifndef EVENHAND_REPORTS_PACKAGE_READ_H
#define EVENHAND_REPORTS_PACKAGE_READ_H

#include "reports/package/package.h"

struct eh_package_text {
  const char *text; /* ended with a zero */
  size_t length;
};

struct eh_package_input {
  const char *name, *sha256;
};

struct eh_package {
  const char *file;
  struct eh_package_text members[EH_PACKAGE_MEMBERS];
  bool is_stated[EH_PACKAGE_MEMBERS]; /* it has the digest that the manifest states */
  char fingerprint[65];               /* of the manifest */
  const char *version, *command, *rules;
  int32_t as_of;
  struct eh_package_options options;
  const struct eh_package_input *inputs;
  size_t input_count;
};

/* In the arena. EH_BAD_INPUT where it is no package, is damaged, lacks a member, or has one that
   does not belong there. */
enum eh_status eh_package_read(struct eh_arena *arena, const char *file, struct eh_package *package,
                               struct eh_error *error) EH_MUST_USE;

#endif
