/* What an audit's or a profile's reports may show: pseudonyms in place of individuals, or only what
 * a release to the public holds. */
#ifndef EVENHAND_CLI_PRIVACY_H
#define EVENHAND_CLI_PRIVACY_H

#include "engine/base/pseudonym.h"
#include "rules/rules.h"

struct eh_cli_privacy {
  const char *key_file;             /* --pseudonyms; NULL: ids as they are */
  bool is_public;                   /* --public */
  uint64_t threshold;               /* --public-threshold; 0: not given */
  struct eh_pseudonyms *pseudonyms; /* read from the key file */
};

/* Do the options go together? with_details: others ask for cells, scorecards or the assessment of
 * reliability. Settles the threshold. An exit status; says what is wrong. */
int eh_cli_privacy_check(const char *command, struct eh_cli_privacy *privacy, bool with_details);

/* Once the rules are read: read the key; do the rules say which columns name individuals, and quote
 * none of them? An exit status; says what is wrong. */
int eh_cli_privacy_prepare(struct eh_cli_privacy *privacy, const struct eh_rules *rules);

#endif
