#include "engine/cli/privacy.h"

#include "engine/cli/cli.h"

static int check_rules(const struct eh_rules *rules) {
  const char *option = "--pseudonyms";
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
  enum eh_status status = eh_rules_quote_nobody(rules, false, option, &problems);
  eh_cli_report_all(&problems);
  eh_problems_free(&problems);
  return eh_exit_status(status);
}

int eh_cli_privacy_prepare(struct eh_cli_privacy *p, const struct eh_rules *rules) {
  if (!p->key_file) return 0;
  int result = check_rules(rules);
  if (result != 0) return result;
  struct eh_error error;
  enum eh_status status = eh_pseudonyms_read(p->key_file, &p->pseudonyms, &error);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  if (eh_pseudonyms_key_is_exposed(p->pseudonyms))
    fprintf(stderr,
            "evenhand: %s: others than its owner can read this key, and undo the pseudonyms; run "
            "chmod 600 on it\n",
            p->key_file);
  return 0;
}
