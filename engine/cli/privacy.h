/* What an audit's or a profile's reports may show: pseudonyms in place of individuals. */
#ifndef EVENHAND_CLI_PRIVACY_H
#define EVENHAND_CLI_PRIVACY_H

#include "engine/base/pseudonym.h"
#include "rules/rules.h"

struct eh_cli_privacy {
  const char *key_file;             /* --pseudonyms; NULL: ids as they are */
  struct eh_pseudonyms *pseudonyms; /* read from the key file */
};

/* Once the rules are read: read the key; do the rules say which columns name individuals, and quote
 * none of them? An exit status; says what is wrong. */
int eh_cli_privacy_prepare(struct eh_cli_privacy *privacy, const struct eh_rules *rules);

#endif
