/* Columns that the rules do not name: one that makes a finding, one without bearing, one that
 * follows from the decision, one that names the unit. */
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "engine/base/random.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: [kind]\nmeasures: {m: {event: y = '1', "
    "flag: {smallest_caseload: 20, smallest_difference: 5 points}}}\ncomparisons: [{across: u, "
    "dependent_within: none}]\n";

/* The event hangs on stage; units 0 and 1 mostly have cases of the late stage. */
static char *make_records(void) {
  struct eh_random random = eh_random_seeded(3, 1);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,u,kind,y,stage,coin,note,desk\n");
  for (int i = 0; i < 6000; i++) {
    int unit = (int)eh_random_below(&random, 8);
    bool late = eh_random_uniform(&random) < (unit < 2 ? 0.8 : 0.2);
    bool event = eh_random_uniform(&random) < (late ? 0.6 : 0.2);
    eh_buffer_printf(&text, "%d,u%d,%s,%d,%s,%s,%s,d%d\n", i, unit, i % 3 ? "a" : "b", event,
                     late ? "late" : "early", i % 5 ? "heads" : "tails", event ? "yes" : "no",
                     unit);
  }
  return text.text;
}

static const char *records;

static struct eh_records *again;

static bool read_again(void *context, const struct eh_rules *varied, struct eh_arena *arena,
                       struct eh_cells **cells, size_t *count, const char **why) {
  struct eh_load_options options = {.threads = 1};
  struct eh_problems problems = {0};
  struct eh_error error;
  char *name = file_of(records, strlen(records));
  const char *names[] = {name};
  (void)context;
  (void)why;
  ck_assert_int_eq(eh_load_files(varied, names, 1, &options, &again, &problems, &error), EH_OK);
  ck_assert_int_eq(eh_records_cells(arena, again, cells, count, &error), EH_OK);
  eh_problems_free(&problems);
  unlink(name);
  free(name);
  return true;
}

static void free_again(void *context) {
  (void)context;
  eh_records_free(again);
}

static const struct eh_explained *explained_by(const struct eh_result *r, const char *column) {
  for (size_t i = 0; i < r->explained.count; i++)
    if (strcmp(r->explained.items[i].column, column) == 0) return &r->explained.items[i];
  return NULL;
}

static bool mentions(struct eh_texts texts, const char *words) {
  for (size_t i = 0; i < texts.count; i++)
    if (strstr(texts.items[i], words)) return true;
  return false;
}

START_TEST(what_nobody_named_is_found) {
  char *made = make_records();
  records = made;
  struct loaded l = load_bytes(rules, made, strlen(made), 1);
  static const struct eh_extra_column columns[] = {{.name = "coin", .header = "coin"},
                                                   {.name = "desk", .header = "desk"},
                                                   {.name = "kind", .header = "kind"},
                                                   {.name = "note", .header = "note"},
                                                   {.name = "stage", .header = "stage"}};
  struct eh_recount recount = {
      .columns = columns, .column_count = 5, .cells = read_again, .done = free_again};
  struct eh_audit_options options = {.threads = 2, .recount = &recount};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  const struct eh_comparison_result *c = &audit->comparisons[0];
  ck_assert_uint_ge(c->levels.flagged, 2);
  ck_assert_uint_eq(audit->screened.count, 4); /* not the factor */
  for (size_t u = 0; u < c->result_count; u++) {
    const struct eh_result *r = &c->results[u];
    if (strcmp(r->unit, "u0") != 0 && strcmp(r->unit, "u1") != 0) continue;
    ck_assert(r->flagged);
    const struct eh_explained *stage = explained_by(r, "stage");
    ck_assert_ptr_nonnull(stage);
    ck_assert_ptr_null(stage->refused);
    ck_assert_double_gt(stage->explained, 0.5);
    ck_assert(mentions(r->caveats, "goes with stage, which the rules do not name"));
    ck_assert_ptr_null(explained_by(r, "coin"));
    ck_assert_ptr_null(explained_by(r, "desk")); /* no records keep peers */
    ck_assert_ptr_null(explained_by(r, "kind"));
    ck_assert_ptr_nonnull(strstr(explained_by(r, "note")->refused, "may follow from the decision"));
    ck_assert(!mentions(r->caveats, "note"));
  }
  unload(&l);
  free(made);
}
END_TEST

/* Over the same records the figures are those of two audits: with the factors as they are, and with
   the column beside them. */
START_TEST(figures_are_those_of_audits) {
  char *made = make_records();
  records = made;
  static const struct eh_extra_column columns[] = {{.name = "stage", .header = "stage"}};
  struct eh_recount recount = {
      .columns = columns, .column_count = 1, .cells = read_again, .done = free_again};
  struct eh_audit_options options = {.threads = 1, .recount = &recount};
  struct loaded l = load_bytes(rules, made, strlen(made), 1);
  char finer[sizeof rules + 20];
  snprintf(finer, sizeof finer, "%s", rules);
  char *at = strstr(finer, "[kind]");
  memmove(at + strlen("[kind, stage]"), at + strlen("[kind]"), strlen(at + strlen("[kind]")) + 1);
  memcpy(at, "[kind, stage]", strlen("[kind, stage]"));
  struct loaded m = load_bytes(finer, made, strlen(made), 1);
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  struct eh_audit_options plain = {.threads = 1};
  const struct eh_audit *fine =
      eh_audit_run(m.arena, m.rules, m.account, m.cells, m.cells_count, &plain);
  for (size_t u = 0; u < audit->comparisons[0].result_count; u++) {
    const struct eh_result *r = &audit->comparisons[0].results[u];
    if (strcmp(r->unit, "u0") != 0 && strcmp(r->unit, "u1") != 0) continue;
    const struct eh_explained *e = explained_by(r, "stage");
    ck_assert_double_eq(e->kept, 1.0); /* every stage has peers */
    ck_close(e->same, r->share.difference.estimate.value, 1e-12);
    ck_close(e->fine, fine->comparisons[0].results[u].share.difference.estimate.value, 1e-11);
  }
  unload(&l);
  unload(&m);
  free(made);
}
END_TEST

/* Landmark explains Baltimore: most of what it differs by where only gender is looked at. */
START_TEST(landmark_explains_baltimore) {
  static const char path[] = "../shared/data/ice/ice_decisions_2016-11.csv";
  FILE *there = fopen(path, "r");
  if (!there) {
    printf("skipped: needs %s\n", path);
    return;
  }
  fclose(there);
  struct eh_arena *arena = eh_arena_new();
  char *text = eh_arena_alloc(arena, 1 << 21, 1);
  FILE *file = fopen(path, "r");
  text[fread(text, 1, (1 << 21) - 1, file)] = '\0';
  fclose(file);
  records = text;
  static const char of_ice[] =
      "evenhand: 1\ncolumns: {case: Case ID, office: Event Area of Responsibility, done: "
      "Processing "
      "Disposition, landmark: Landmark Class, gender: Gender}\nsimilarly_situated: [gender]\n"
      "measures: {m: {event: \"done in ('Prosecutorial Discretion', 'Released/Prosecutorial "
      "Discretion')\"}}\ncomparisons: [{across: office, dependent_within: none}]\n";
  static const struct eh_extra_column columns[] = {
      {.name = "landmark", .header = "Landmark Class"}};
  struct eh_recount recount = {
      .columns = columns, .column_count = 1, .cells = read_again, .done = free_again};
  struct eh_audit_options options = {.threads = 1, .recount = &recount};
  struct loaded l = load_bytes(of_ice, text, strlen(text), 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  bool found = false;
  for (size_t u = 0; u < audit->comparisons[0].result_count; u++) {
    const struct eh_result *r = &audit->comparisons[0].results[u];
    if (strcmp(r->unit, "Baltimore") != 0) continue;
    const struct eh_explained *e = explained_by(r, "landmark");
    ck_assert_ptr_nonnull(e);
    ck_close(e->same, 0.125475258526143, 1e-9);
    ck_close(e->fine, 0.04262136062298921, 1e-9);
    found = true;
  }
  ck_assert(found);
  unload(&l);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("explain", what_nobody_named_is_found, figures_are_those_of_audits,
          landmark_explains_baltimore)
