/* The findings file: its members in order. Names and order are promised to scripts;
 * reports/README.md tells what each is. */
#include "engine/base/date.h"
#include "engine/audit/progress/goals.h"
#include "engine/audit/progress/policy.h"
#include "engine/audit/behind/extremes.h"
#include "reports/data/json_goals.h"
#include "reports/data/json_on_file.h"
#include "reports/data/json_workload.h"
#include "reports/data/json_inputs.h"
#include "reports/data/json_policy.h"
#include "reports/data/json_members.h"
#include "reports/data/json_monitoring.h"
#include "reports/profile.h"
#include "reports/report.h"
#include "reports/words/repeated.h"
#include "reports/words/safe.h"

struct writer {
  struct eh_json_stream json;
  struct eh_arena *arena;
  const struct eh_audit *audit;
  const struct eh_report_context *context;
};

static void put_version(struct writer *w, const char *name) {
  eh_json_put(&w->json, name, eh_json_text(w->context->version));
}

/* Of this file: of format 1, without effects and digests, only statuses can be followed up. */
static void put_format(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, EH_FINDINGS_FORMAT);
}

static void put_day(struct writer *w, const char *name) {
  char day[11];
  eh_date_format(w->context->as_of, day);
  eh_json_put(&w->json, name, eh_json_text(day));
}

static void put_seed(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, w->audit->rules->seed);
}

static void put_rules(struct writer *w, const char *name) {
  const struct eh_rules *rules = w->audit->rules;
  json_t *about = eh_json_object();
  eh_json_set_text(about, "file", eh_safe_utf8(w->arena, rules->file));
  eh_json_set_text(about, "title", rules->title);
  eh_json_set_text(about, "sha256", rules->sha256);
  eh_json_put(&w->json, name, about);
}

static void put_inputs(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    json_t *object = eh_json_object();
    eh_json_set_text(object, "name", eh_safe_utf8(w->arena, input->name));
    if (input->source) eh_json_set_text(object, "source", input->source);
    eh_json_set_count(object, "bytes", input->bytes);
    if (input->sha256[0]) {
      eh_json_set_text(object, "sha256", input->sha256);
    } else {
      eh_json_set_null(object, "sha256", "not computed");
    }
    eh_json_set_count(object, "records", input->records);
    eh_json_set_contained(object, w->arena, input);
    eh_json_put(&w->json, NULL, object);
  }
  eh_json_close(&w->json, ']');
}

/* These two only where the rules have inputs. */
static void put_sources(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  if (account->source_count == 0) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < account->source_count; i++)
    eh_json_put(&w->json, NULL, eh_json_source(&account->sources[i]));
  eh_json_close(&w->json, ']');
}

/* Only where the rules join tables. */
static void put_joins(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  if (account->join_count == 0) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < account->join_count; i++)
    eh_json_put(&w->json, NULL, eh_json_join(w->arena, &account->joins[i]));
  eh_json_close(&w->json, ']');
}

static void put_shared(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  if (account->source_count) eh_json_put_count(&w->json, name, account->shared_cases);
}

static void put_records(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  json_t *records = eh_json_object();
  eh_json_set_count(records, "read", account->read);
  eh_json_set_count(records, "audited", account->audited);
  eh_json_set(records, "excluded", eh_json_exclusions(account->excluded, account->exclusion_count));
  if (account->has_dates) {
    char day[11];
    eh_date_format(account->first_day, day);
    eh_json_set_text(records, "first_date", day);
    eh_date_format(account->last_day, day);
    eh_json_set_text(records, "last_date", day);
  }
  eh_json_put(&w->json, name, records);
}

static void put_policies(struct writer *w, const char *name) {
  const struct eh_rules *rules = w->audit->rules;
  if (rules->policy_count == 0) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < rules->policy_count; i++) {
    char day[11];
    json_t *policy = eh_json_object();
    eh_date_format(rules->policies[i].from, day);
    eh_json_set_text(policy, "name", rules->policies[i].name);
    eh_json_set_text(policy, "from", day);
    eh_json_put(&w->json, NULL, policy);
  }
  eh_json_close(&w->json, ']');
}

static void put_repeated(struct writer *w, const char *name) {
  json_t *repeated = eh_json_object();
  eh_json_set_text(repeated, "rule", eh_repeated_rule(w->audit->rules));
  eh_json_set_count(repeated, "differing", w->audit->account->differing_cases);
  eh_json_put(&w->json, name, repeated);
}

static void put_malformed(struct writer *w, const char *name) {
  const struct eh_account *account = w->audit->account;
  json_t *malformed = eh_json_object();
  for (size_t i = 0; i < account->malformed_count; i++)
    eh_json_set_count(malformed, account->malformed[i].column, account->malformed[i].records);
  eh_json_put(&w->json, name, malformed);
}

static void put_comparison(struct writer *w, const struct eh_comparison_result *c) {
  struct eh_json_subject subject = {w->audit->rules, c, NULL};
  eh_json_open(&w->json, NULL, '{');
  eh_json_put_members(&w->json, eh_json_members(eh_json_comparison_members, &subject));
  eh_json_open(&w->json, "results", '[');
  for (size_t i = 0; i < c->result_count; i++) {
    subject.result = &c->results[i];
    eh_json_put(&w->json, NULL, eh_json_members(eh_json_result_members, &subject));
  }
  eh_json_close(&w->json, ']');
  eh_json_close(&w->json, '}');
}

static void put_comparisons(struct writer *w, const char *name) {
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < w->audit->comparison_count; i++)
    put_comparison(w, &w->audit->comparisons[i]);
  eh_json_close(&w->json, ']');
}

/* Only where the rules have goals. */
static void put_goals(struct writer *w, const char *name) {
  const struct eh_goals *goals = w->audit->goals;
  if (!goals) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < goals->count; i++)
    eh_json_put(&w->json, NULL, eh_json_goal(w->audit->rules, &goals->items[i]));
  eh_json_close(&w->json, ']');
}

/* Only where the rules have some. */
static void put_workloads(struct writer *w, const char *name) {
  const struct eh_workloads *workloads = w->audit->workloads;
  if (!workloads) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < workloads->count; i++)
    eh_json_put(&w->json, NULL, eh_json_workload(w->audit->rules, &workloads->items[i]));
  eh_json_close(&w->json, ']');
}

/* Kinds of case in which nobody, or everybody, had the event. */
static json_t *extreme_object(const struct eh_extreme *e) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "measure", e->comparison->measure->name);
  eh_json_set_text(object, "of", eh_extreme_kind_name(e->kind));
  eh_json_set_text(object, "what", e->what);
  eh_json_set_text(object, "event", e->always ? "always" : "never");
  eh_json_set_count(object, "records", e->records);
  eh_json_set_number(object, "limit", e->limit, NULL);
  return object;
}

static void put_extremes(struct writer *w, const char *name) {
  const struct eh_extremes *extremes = w->audit->extremes;
  if (!extremes || !extremes->count) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < extremes->count; i++)
    eh_json_put(&w->json, NULL, extreme_object(&extremes->items[i]));
  eh_json_close(&w->json, ']');
}

/* Only where a ledger was given. */
static void put_on_file(struct writer *w, const char *name) {
  const struct eh_on_file *on_file = w->context->on_file;
  if (!on_file) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < on_file->count; i++)
    eh_json_put(&w->json, NULL, eh_json_on_file(w->arena, &on_file->items[i]));
  eh_json_close(&w->json, ']');
}

/* Only where something is compared across policies. */
static void put_policy_changes(struct writer *w, const char *name) {
  const struct eh_policy_changes *changes = w->audit->policy_changes;
  if (!changes) return;
  eh_json_open(&w->json, name, '[');
  for (size_t i = 0; i < changes->count; i++)
    eh_json_put(&w->json, NULL, eh_json_policy_change(w->audit->rules, &changes->items[i]));
  eh_json_close(&w->json, ']');
}

static void put_tests(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, w->audit->tests);
}

static void put_findings(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, w->audit->findings);
}

static void put_facts(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, w->audit->facts);
}

static void put_family(struct writer *w, const char *name) {
  static const char *const families[] = {[EH_FAMILY_REPORT] = "report",
                                         [EH_FAMILY_COMPARISON] = "comparison",
                                         [EH_FAMILY_STRICT] = "strict"};
  eh_json_put(&w->json, name, json_string(families[w->audit->rules->family]));
}

static void put_families(struct writer *w, const char *name) {
  eh_json_put_count(&w->json, name, w->audit->families.main + w->audit->families.side);
}

static void put_main(struct writer *w, const char *name) {
  const struct eh_rules *rules = w->audit->rules;
  eh_json_put(&w->json, name, json_string(rules->measures[rules->main_measure].name));
}

static void put_notes(struct writer *w, const char *name) {
  eh_json_put(&w->json, name, eh_json_texts(w->audit->notes.items, w->audit->notes.count));
}

static void put_screened(struct writer *w, const char *name) {
  const struct eh_texts *screened = &w->audit->screened;
  json_t *member = eh_json_object();
  if (w->audit->not_screened)
    eh_json_set_null(member, name, w->audit->not_screened);
  else
    eh_json_set(member, name, eh_json_texts(screened->items, screened->count));
  eh_json_put_members(&w->json, member);
}

static void put_reliability(struct writer *w, const char *name) {
  if (w->audit->reliability) eh_profile_json_put(&w->json, name, w->audit->reliability, w->arena);
}

static void put_monitoring(struct writer *w, const char *name) {
  if (w->audit->monitoring) eh_json_put_monitoring(&w->json, name, w->audit);
}

/* To add a member: a row, and its line in reports/README.md. */
static const struct {
  const char *name;
  void (*put)(struct writer *w, const char *name); /* nothing where there is none */
} members[] = {
    {"evenhand", put_version},
    {"format", put_format},
    {"as_of", put_day},
    {"seed", put_seed},
    {"rules", put_rules},
    {"inputs", put_inputs},
    {"sources", put_sources},
    {"joins", put_joins},
    {"cases_in_several_sources", put_shared},
    {"records", put_records},
    {"policies", put_policies},
    {"cases_repeated", put_repeated},
    {"values_malformed", put_malformed},
    {"comparisons", put_comparisons},
    {"never_and_always", put_extremes},
    {"on_file", put_on_file},
    {"goals", put_goals},
    {"workload", put_workloads},
    {"policy_changes", put_policy_changes},
    {"tests", put_tests},
    {"findings", put_findings},
    {"facts", put_facts},
    {"family", put_family},
    {"families", put_families},
    {"main_measure", put_main},
    {"screened_columns", put_screened},
    {"monitoring", put_monitoring},
    {"notes", put_notes},
    {"reliability", put_reliability},
};

enum eh_status eh_json_write(const struct eh_audit *audit, const struct eh_report_context *context,
                             FILE *stream, struct eh_error *error) {
  struct writer w = {
      .json = {.stream = stream}, .arena = eh_arena_new(), .audit = audit, .context = context};
  eh_json_open(&w.json, NULL, '{');
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
    members[i].put(&w, members[i].name);
  eh_json_close(&w.json, '}');
  eh_arena_free(w.arena);
  EH_TRY(eh_stream_check(stream, "the findings file", error));
  if (w.json.failed) return eh_fail(error, EH_MACHINE, "cannot write the findings file");
  return EH_OK;
}
