/* verify: redo what an evidence package says, from its cells and from the records. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/cli/auditing.h"
#include "engine/cli/cli.h"
#include "reports/package/compare.h"
#include "reports/package/read.h"
#include "rules/language/question.h"

static const char command[] = "verify";

static int parse(int argc, char **argv, struct eh_request *r) {
  int status = eh_cli_parse(EH_COMMAND_VERIFY, argc, argv, r);
  if (status != 0 || r->help) return status;
  if (r->operand_count < 1)
    return eh_cli_misuse(command,
                         "name a package, which evenhand audit --package made; behind it, "
                         "the records, if they are at hand");
  r->records = r->operands + 1;
  r->record_count = r->operand_count - 1;
  return 0;
}

struct verifying {
  const struct eh_request *request;
  struct eh_arena *arena;
  struct eh_package package;
  const struct eh_rules *rules;
  struct eh_error *error;
  size_t differences;
};

/* A line of what holds. */
static void say(const struct verifying *v, const char *before, const char *text,
                const char *after) {
  if (!v->request->quiet) eh_cli_print(stdout, "%s%s%s\n", before, text, after);
}

static void differ(struct verifying *v, const char *text) {
  v->differences++;
  eh_cli_print(stdout, "  DIFFERENT: %s\n", text);
}

/* --- what the package says of itself --- */

static void check_members(struct verifying *v) {
  size_t sound = 0;
  for (int m = 0; m < EH_PACKAGE_MEMBERS; m++) {
    const char *name = eh_package_member_name((enum eh_package_member)m);
    sound += v->package.is_stated[m];
    if (!v->package.is_stated[m])
      differ(v, eh_arena_printf(v->arena, "%s is not the file that the manifest states", name));
  }
  if (sound == EH_PACKAGE_MEMBERS)
    say(v, "  its ", eh_words_count(v->arena, EH_PACKAGE_MEMBERS),
        " files are those that its manifest states");
}

static enum eh_status read_rules(struct verifying *v) {
  const struct eh_package_text *text = &v->package.members[EH_PACKAGE_RULES];
  struct eh_problems problems = {0};
  enum eh_status status =
      eh_rules_read(v->arena, v->package.rules, text->text, text->length, &v->rules, &problems);
  if (status != EH_OK) *v->error = problems.items[0];
  eh_problems_free(&problems);
  return status;
}

/* --- an audit made again --- */

struct again {
  struct eh_request request;
  struct eh_origin origin;
  struct eh_cli_results results;
};

static void prepare(const struct verifying *v, struct again *a) {
  const struct eh_package *p = &v->package;
  *a = (struct again){.request = {.arena = v->arena,
                                  .load = {.threads = v->request->load.threads,
                                           .hash = true,
                                           .delimiter = p->options.delimiter,
                                           .skip_lines = p->options.skip_lines,
                                           .sheet = p->options.sheet,
                                           .use_libcsv = p->options.use_libcsv},
                                  .as_of = p->as_of,
                                  .reliability = p->options.reliability,
                                  .no_reliability = p->options.no_reliability,
                                  .quiet = true,
                                  .command_line = p->command}};
  a->request.outputs[EH_PACKAGE] = p->file;
  if (p->options.with_scorecards) a->request.scorecards = "scorecards";
}

static enum eh_status make(const struct verifying *v, struct again *a) {
  struct eh_problems problems = {0};
  a->origin = (struct eh_origin){.rules = v->rules,
                                 .arena = v->arena,
                                 .options = a->request.load,
                                 .names = a->request.records,
                                 .name_count = a->request.record_count};
  a->origin.options.pseudonyms = a->request.privacy.pseudonyms;
  a->origin.options.as_of = v->package.as_of;
  enum eh_status status = eh_cli_open_origin(&a->request, &a->origin, &problems, v->error);
  if (status != EH_OK && problems.count) *v->error = problems.items[0];
  eh_problems_free(&problems);
  return status;
}

/* A member as the audit made again has it. */
static enum eh_status member_of(const struct verifying *v, const struct again *a,
                                enum eh_package_member member, struct eh_package_text *text) {
  struct eh_report_context context = eh_cli_context(&a->request, &a->results);
  struct eh_output output;
  context.version = v->package.version;
  EH_TRY(eh_output_open(&output, "-", v->error)); /* a temporary file */
  enum eh_status status = eh_package_write_member(a->results.audit, &context, member, output.stream,
                                                  output.temporary, v->error);
  fflush(output.stream);
  FILE *file = status == EH_OK ? fopen(output.temporary, "rb") : NULL;
  struct eh_buffer buffer = {0};
  char step[1 << 14];
  for (size_t got = 1; file && got > 0;) {
    got = fread(step, 1, sizeof step, file);
    if (got) eh_buffer_add(&buffer, step, got);
  }
  if (file) fclose(file);
  *text = (struct eh_package_text){
      eh_arena_copy(v->arena, buffer.text ? buffer.text : "", buffer.length), buffer.length};
  eh_buffer_free(&buffer);
  eh_output_abandon(&output);
  return status;
}

static bool is_same(const struct eh_package_text *a, const struct eh_package_text *b) {
  return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static enum eh_status compare_findings(struct verifying *v, const struct again *a, bool from_cells,
                                       size_t *figures) {
  const struct eh_package_text *packed = &v->package.members[EH_PACKAGE_FINDINGS];
  struct eh_package_text made;
  struct eh_compared compared;
  EH_TRY(member_of(v, a, EH_PACKAGE_FINDINGS, &made));
  EH_TRY(eh_findings_compare(v->arena, packed->text, packed->length, made.text, made.length,
                             from_cells, &compared, v->error));
  *figures = compared.figures;
  for (size_t i = 0; i < compared.differences && i < EH_DIFFERENCES_SHOWN; i++)
    differ(v, eh_arena_printf(v->arena, "findings.json, %s", compared.places[i]));
  if (compared.differences > EH_DIFFERENCES_SHOWN)
    differ(v, eh_arena_printf(v->arena, "findings.json, in %zu more places",
                              compared.differences - EH_DIFFERENCES_SHOWN));
  return EH_OK;
}

static enum eh_status compare_member(struct verifying *v, const struct again *a,
                                     enum eh_package_member member, const char *from) {
  struct eh_package_text made;
  EH_TRY(member_of(v, a, member, &made));
  if (!is_same(&made, &v->package.members[member]))
    differ(v, eh_arena_printf(v->arena, "%s is another one when it is made from %s",
                              eh_package_member_name(member), from));
  return EH_OK;
}

/* --- from the cells --- */

static enum eh_status cells_file(const struct verifying *v, struct eh_output *output) {
  const struct eh_package_text *cells = &v->package.members[EH_PACKAGE_CELLS];
  EH_TRY(eh_output_open(output, "-", v->error));
  fwrite(cells->text, 1, cells->length, output->stream);
  if (fflush(output->stream) == 0) return EH_OK;
  eh_output_abandon(output);
  return eh_fail(v->error, EH_MACHINE, "a temporary file cannot be written; set TMPDIR");
}

/* Cells of a category or a value are not read back here. */
static bool has_outcomes(const struct eh_rules *rules) {
  for (size_t m = 0; m < rules->measure_count; m++)
    if (eh_has_outcome(&rules->measures[m])) return true;
  return false;
}

static enum eh_status from_cells(struct verifying *v) {
  struct again a;
  struct eh_output cells;
  size_t figures = 0, before = v->differences;
  prepare(v, &a);
  EH_TRY(cells_file(v, &cells));
  a.request.source.cells = cells.temporary;
  enum eh_status status = make(v, &a);
  if (status == EH_OK) status = eh_cli_make_results(&a.request, &a.origin, &a.results, v->error);
  if (status == EH_OK) status = compare_member(v, &a, EH_PACKAGE_FIGURES, "the cells");
  if (status == EH_OK) status = compare_findings(v, &a, true, &figures);
  if (status == EH_OK) status = compare_member(v, &a, EH_PACKAGE_README, "this program");
  if (status == EH_OK) status = compare_member(v, &a, EH_PACKAGE_SCRIPT, "this program");
  eh_origin_close(&a.origin);
  eh_output_abandon(&cells);
  if (status == EH_OK && v->differences == before)
    say(v, "  from its cells: same, ", eh_words_count(v->arena, figures), " figures");
  if (status != EH_OK && status != EH_MACHINE) {
    differ(v, eh_arena_printf(v->arena, "its rules and cells cannot be audited: %s",
                              v->error->message));
    return EH_OK;
  }
  return status;
}

/* --- from the records --- */

static enum eh_status digest_of(const char *file, char hex[65], struct eh_error *error) {
  FILE *stream = fopen(file, "rb");
  if (!stream) return eh_fail_at(error, EH_BAD_INPUT, file, 0, 0, "cannot be opened");
  struct eh_digest *digest = eh_digest_new();
  char step[1 << 16];
  for (size_t got = sizeof step; got > 0;) {
    got = fread(step, 1, sizeof step, stream);
    eh_digest_add(digest, step, got);
  }
  eh_digest_finish(digest, hex);
  fclose(stream);
  return EH_OK;
}

/* The files in the order of the manifest, by their digests. */
static enum eh_status order_records(struct verifying *v, const char **names, bool *all) {
  const struct eh_package *p = &v->package;
  bool *taken = eh_arena_alloc(v->arena, p->input_count, sizeof *taken);
  *all = true;
  for (size_t i = 0; i < v->request->record_count; i++) {
    char hex[65];
    EH_TRY(digest_of(v->request->records[i], hex, v->error));
    size_t at = 0;
    while (at < p->input_count && (taken[at] || strcmp(p->inputs[at].sha256, hex) != 0)) at++;
    if (at == p->input_count) {
      differ(v, eh_arena_printf(v->arena, "%s is none of the files that were audited (SHA-256 %s)",
                                v->request->records[i], hex));
      *all = false;
      continue;
    }
    taken[at] = true;
    names[at] = v->request->records[i];
  }
  for (size_t i = 0; i < p->input_count; i++)
    if (!taken[i]) {
      differ(v, eh_arena_printf(v->arena, "%s was audited and is not among the records given",
                                p->inputs[i].name));
      *all = false;
    }
  return EH_OK;
}

static enum eh_status redo(struct verifying *v, struct again *a) {
  static const enum eh_package_member members[] = {EH_PACKAGE_CELLS, EH_PACKAGE_FIGURES,
                                                   EH_PACKAGE_WORKBOOK};
  size_t figures = 0, before = v->differences;
  EH_TRY(make(v, a));
  const struct eh_account *account = a->origin.kind->account(&a->origin);
  for (size_t i = 0; i < account->input_count && i < v->package.input_count; i++)
    account->inputs[i].name = v->package.inputs[i].name; /* as they were called then */
  EH_TRY(eh_cli_make_results(&a->request, &a->origin, &a->results, v->error));
  EH_TRY(compare_findings(v, a, false, &figures));
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    EH_TRY(compare_member(v, a, members[i], "the records"));
  if (v->differences == before)
    say(v, "  from the records: same, to the byte: findings (", eh_words_count(v->arena, figures),
        " figures), cells, workbook");
  return EH_OK;
}

static enum eh_status from_records(struct verifying *v) {
  struct again a;
  bool all;
  const char **names = eh_arena_alloc(v->arena, v->package.input_count, sizeof *names);
  if (strcmp(v->package.options.asked, "files") != 0)
    return eh_fail_at(
        v->error, EH_BAD_USAGE, v->package.file, 0, 0,
        "was not made from files, so that records cannot be held against it; leave them "
        "out");
  if (v->package.options.with_pseudonyms && !v->request->privacy.key_file)
    return eh_fail_at(v->error, EH_BAD_USAGE, v->package.file, 0, 0,
                      "has pseudonyms; give the key that made them: --pseudonyms KEY");
  EH_TRY(order_records(v, names, &all));
  if (!all) return EH_OK;
  prepare(v, &a);
  a.request.records = names;
  a.request.record_count = v->package.input_count;
  a.request.privacy = v->request->privacy;
  enum eh_status status = redo(v, &a);
  eh_origin_close(&a.origin);
  return status;
}

/* --- all of it --- */

static void say_head(const struct verifying *v) {
  const struct eh_package *p = &v->package;
  say(v, p->file, "", "");
  say(v, "  fingerprint ", p->fingerprint, "");
  if (strcmp(p->version, EH_VERSION) != 0)
    say(v, "  made by evenhand ", p->version,
        "; this is " EH_VERSION ", which may differ in what it writes");
}

static enum eh_status verify(struct verifying *v) {
  EH_TRY(eh_package_read(v->arena, v->request->operands[0], &v->package, v->error));
  say_head(v);
  check_members(v);
  EH_TRY(read_rules(v));
  bool has_cells = !has_outcomes(v->rules);
  if (has_cells) EH_TRY(from_cells(v));
  if (!has_cells)
    say(v,
        "  its cells count categories or values, which are not read back here: verify.R redoes "
        "them",
        "", "");

  if (v->request->record_count) EH_TRY(from_records(v));
  if (v->differences) {
    eh_cli_print(stdout, "not the same: %s\n",
                 eh_words_of(v->arena, v->differences, "difference", "differences"));
    return EH_OK;
  }
  if (!v->request->record_count)
    say(v,
        "  not redone without the records: the workbook; what rests on which decisions go "
        "together,\n",
        "  on their dates, on columns that nobody named, and on the records' reliability", "");
  say(v, "same", "", "");
  return EH_OK;
}

int eh_cli_verify(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .load = {.threads = eh_processors()}};
  int status = parse(argc, argv, &r);
  if (status == 0 && !r.help) {
    struct eh_error error = {0};
    struct verifying v = {.request = &r, .arena = arena, .error = &error};
    enum eh_status result = EH_OK;
    if (r.privacy.key_file)
      result = eh_pseudonyms_read(r.privacy.key_file, &r.privacy.pseudonyms, &error);
    if (result == EH_OK) result = verify(&v);
    if (result != EH_OK) eh_cli_report(&error);
    status = result != EH_OK ? eh_exit_status(result)
             : v.differences ? eh_exit_status(EH_BAD_INPUT)
                             : 0;
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_arena_free(arena);
  return status;
}
