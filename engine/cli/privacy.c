#include "engine/cli/privacy.h"

#include "engine/cli/cli.h"

enum { USUAL_THRESHOLD = 11 };

int eh_cli_privacy_check(const char *command, struct eh_cli_privacy *p, bool with_details) {
  if (!p->is_public)
    return p->threshold ? eh_cli_misuse(command, "--public-threshold goes with --public") : 0;
  if (p->key_file)
    return eh_cli_misuse(command,
                         "--public shows no individuals, not even under pseudonyms; give one of "
                         "--public and --pseudonyms");
  if (with_details)
    return eh_cli_misuse(command,
                         "--public writes a workbook, a page and a findings file only: cells, scorecards "
                         "and the assessment of reliability tell too much");
  if (!p->threshold) p->threshold = USUAL_THRESHOLD;
  return 0;
}

static int check_rules(const struct eh_cli_privacy *p, const struct eh_rules *rules) {
  const char *option = p->is_public ? "--public" : "--pseudonyms";
  struct eh_error error;
  struct eh_problems problems = {0};
  if (!rules->individuals_given) {
    enum eh_status status =
        eh_fail_at(&error, EH_BAD_RULES, rules->file, 1, 1,
                   "%s needs rules that say which columns name individuals; add a line such as "
                   "`individuals: [officer_id]`, or `individuals: []` where none does but the "
                   "person",
                   option);
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  enum eh_status status = eh_rules_quote_nobody(rules, p->is_public, option, &problems);
  eh_cli_report_all(&problems);
  eh_problems_free(&problems);
  return eh_exit_status(status);
}

int eh_cli_privacy_prepare(struct eh_cli_privacy *p, const struct eh_rules *rules) {
  if (!p->key_file && !p->is_public) return 0;
  int result = check_rules(p, rules);
  if (result != 0 || !p->key_file) return result;
  struct eh_error error;
  enum eh_status status = eh_pseudonyms_read(p->key_file, &p->pseudonyms, &error);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  if (eh_pseudonyms_key_is_exposed(p->pseudonyms))
    eh_cli_print(stderr,
                 "evenhand: %s: others than its owner can read this key, and undo the pseudonyms; "
                 "run chmod 600 on it\n",
                 p->key_file);
  return 0;
}
