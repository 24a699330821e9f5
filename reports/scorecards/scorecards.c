#include "reports/scorecards/scorecards.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/kinds/kinds.h"
#include "engine/base/words.h"
#include "reports/scorecards/scorecard.h"
#include "reports/workbook/scale.h"

int eh_scorecards_column(const struct eh_rules *rules) {
  for (size_t i = 0; i < rules->comparison_count; i++)
    if (rules->comparisons[i].within_count) return rules->comparisons[i].within[0];
  return rules->comparisons[0].across;
}

/* All offices, and what every workbook needs. */
struct offices {
  struct eh_arena *arena; /* lives as long as all workbooks */
  struct eh_scorecard shared;
  struct eh_office *items;
  size_t count;
  struct eh_folder *folder;
};

/* --- the files --- */

/* A file's name that is taken, and the number that the next one of that name gets. */
struct taken {
  const char *name;
  unsigned next;
};

static int by_name(const void *left, const void *right) {
  const struct taken *a = left, *b = right;
  return strcmp(a->name, b->name);
}

/* names: a tree of tsearch. NULL: it was free, and is taken now. */
static struct taken *take(struct offices *o, void **names, const char *name) {
  struct taken *wanted = eh_arena_alloc(o->arena, 1, sizeof *wanted);
  *wanted = (struct taken){name, 2};
  struct taken *const *found = tsearch(wanted, names, by_name);
  if (!found) eh_out_of_memory();
  return *found == wanted ? NULL : *found;
}

/* Of letters and digits only, so that no label leads out of the folder. */
static const char *name_file(struct offices *o, void **names, const char *label) {
  char name[EH_FILE_NAME];
  eh_folder_safe_name(label, name);
  const char *file = eh_arena_printf(o->arena, "%s.xlsx", name);
  struct taken *first = take(o, names, file);
  for (bool is_taken = first != NULL; is_taken; is_taken = take(o, names, file) != NULL)
    file = eh_arena_printf(o->arena, "%s-%u.xlsx", name, first->next++);
  return file;
}

static void keep_name(void *name) { (void)name; /* it is the arena's */ }

static void name_files(struct offices *o) {
  void *names = NULL;
  take(o, &names, "index.xlsx");
  for (size_t i = 0; i < o->count; i++) o->items[i].file = name_file(o, &names, o->items[i].name);
  tdestroy(names, keep_name);
}

/* --- which results concern which office --- */

static int by_office(const void *name, const void *office) {
  return strcmp(name, (*(struct eh_office *const *)office)->name);
}
static int by_label(const void *left, const void *right) {
  return by_office((*(struct eh_office *const *)left)->name, right);
}

/* The offices in order of their names. */
struct by_names {
  struct eh_office **items;
  size_t count;
};

static struct eh_office *find(const struct by_names *r, const char *name) {
  struct eh_office **found =
      name && r->count ? bsearch(name, r->items, r->count, sizeof *r->items, by_office) : NULL;
  return found ? *found : NULL;
}

/* Where the unit is one inside an office: by the comparison's `each` value, or by its `within`
   group. */
static const char *office_around(const struct eh_comparison_result *c, const struct eh_result *r,
                                 int column) {
  const struct eh_comparison *comparison = c->comparison;
  if (comparison->each == column) return c->cells->each;
  for (size_t w = 0; w < comparison->within_count; w++)
    if (comparison->within[w] == column) return r->place.within[w];
  return NULL;
}

/* Counts the results of each office; places them where there is room. */
static void collect_result(const struct by_names *offices, int column,
                           const struct eh_comparison_result *c, const struct eh_result *r) {
  struct eh_office_result item = {c, r};
  struct eh_office *own = c->comparison->across == column ? find(offices, r->unit) : NULL;
  struct eh_office *around = find(offices, office_around(c, r, column));
  if (own) {
    if (own->own) own->own[own->own_count] = item;
    own->own_count++;
    own->own_findings += eh_result_differs(r);
  }
  if (around && around != own) {
    if (around->inside) around->inside[around->inside_count] = item;
    around->inside_count++;
    around->inside_findings += eh_result_differs(r);
  }
}

static void collect_results(const struct by_names *offices, const struct eh_audit *audit,
                            int column) {
  for (size_t i = 0; i < offices->count; i++) {
    struct eh_office *office = offices->items[i];
    office->own_count = office->inside_count = office->own_findings = office->inside_findings = 0;
  }
  for (size_t k = 0; k < audit->comparison_count; k++) {
    const struct eh_comparison_result *c = &audit->comparisons[k];
    for (size_t i = 0; i < c->result_count; i++)
      if (c->results[i].recorded) collect_result(offices, column, c, &c->results[i]);
  }
}

static void make_room(struct eh_arena *arena, const struct by_names *offices) {
  for (size_t i = 0; i < offices->count; i++) {
    struct eh_office *office = offices->items[i];
    office->own = eh_arena_alloc(arena, office->own_count + 1, sizeof *office->own);
    office->inside = eh_arena_alloc(arena, office->inside_count + 1, sizeof *office->inside);
  }
}

/* Every office that has records; those whose office is not recorded have no workbook. */
static void list_offices(struct offices *o) {
  const struct eh_over_time *times = o->shared.times;
  struct by_names offices = {eh_alloc(times->unit_count, sizeof *offices.items), 0};
  o->items = eh_arena_alloc(o->arena, times->unit_count, sizeof *o->items);
  for (size_t i = 0; i < times->unit_count - times->has_missing; i++) {
    if (times->units[i].records == 0) continue;
    offices.items[o->count] = &o->items[o->count];
    o->items[o->count++] = (struct eh_office){.place = i, .name = times->labels[i]};
  }
  offices.count = o->count;
  if (o->count) qsort(offices.items, o->count, sizeof *offices.items, by_label);
  name_files(o);
  collect_results(&offices, o->shared.audit, times->column);
  make_room(o->arena, &offices);
  collect_results(&offices, o->shared.audit, times->column);
  free(offices.items);
}

static void sum_all(struct offices *o) {
  struct eh_scorecard *s = &o->shared;
  const struct eh_over_time *times = s->times;
  size_t measures = s->audit->rules->measure_count, cells = measures * times->count;
  uint64_t *missing = eh_arena_alloc(o->arena, times->column_count, sizeof *missing);
  uint64_t *unknown = eh_arena_alloc(o->arena, measures, sizeof *unknown);
  struct eh_count *quarters = eh_arena_alloc(o->arena, cells, sizeof *quarters);
  for (size_t u = 0; u < times->unit_count; u++) {
    const struct eh_unit_over_time *unit = &times->units[u];
    s->all_records += unit->records;
    s->all_no_day += unit->no_day;
    for (size_t c = 0; c < times->column_count; c++) missing[c] += unit->missing[c];
    for (size_t m = 0; m < measures; m++) unknown[m] += unit->unknown[m];
    for (size_t q = 0; q < cells; q++) {
      quarters[q].records += unit->counts[q].records;
      quarters[q].events += unit->counts[q].events;
    }
  }
  s->all_missing = missing;
  s->all_unknown = unknown;
  s->all_quarters = quarters;
}

/* --- the workbooks --- */

static struct eh_book_about about_of(struct eh_arena *arena, const struct eh_scorecard *shared,
                                     const char *name) {
  return (struct eh_book_about){
      .title = eh_arena_printf(arena, "%s: %s", name, shared->audit->rules->title),
      .subject = "Office scorecard",
      .comments = eh_arena_printf(arena,
                                  "Written by evenhand %s. A difference is a reason to look at "
                                  "files, not proof of unequal treatment.",
                                  shared->context->version),
      .created = shared->context->as_of,
  };
}

static enum eh_status write_card(struct offices *o, const struct eh_office *office,
                                 struct eh_error *error) {
  struct eh_scorecard card = o->shared;
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = about_of(arena, &card, eh_words_name(arena, office->name));
  card.arena = arena;
  card.office = office;
  card.book = eh_book_open(arena, eh_folder_path(o->folder, office->file), &about, error);
  if (card.book) {
    eh_scorecard_fill(&card);
    status = eh_book_close(card.book, error);
  }
  eh_arena_free(arena);
  return status;
}

/* --- the index --- */

enum { MOST_DIFFERENCES = 6 };

struct index_row {
  struct eh_link office;
  uint64_t records, own_findings, inside_findings;
  struct eh_figure missing, differences[MOST_DIFFERENCES];
};

#define AT(member) offsetof(struct index_row, member)
#define COUNT(member) .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

static const struct eh_listing_column fixed[] = {
    {"Office", NULL, 20, EH_STYLE_LINK, EH_VALUE_LINK, .at = AT(office), .widest = 50},
    {"Records", NULL, 11, COUNT(records)},
    {"Findings of the office", NULL, 11, COUNT(own_findings)},
    {"Findings inside it", NULL, 11, COUNT(inside_findings)},
    {"Values not recorded", NULL, 12, EH_STYLE_PERCENT, FIGURE(missing)},
};
enum { FIXED = sizeof fixed / sizeof fixed[0] };

struct index {
  struct offices *offices;
  const struct eh_comparison_result *compared[MOST_DIFFERENCES]; /* offices with each other */
  size_t compared_count;
  struct index_row row;
};

static const struct eh_listing_column *index_columns(struct index *index, struct eh_arena *arena) {
  const struct eh_audit *audit = index->offices->shared.audit;
  struct eh_listing_column *columns =
      eh_arena_alloc(arena, FIXED + MOST_DIFFERENCES, sizeof *columns);
  memcpy(columns, fixed, sizeof fixed);
  for (size_t k = 0; k < audit->comparison_count; k++) {
    const struct eh_comparison_result *c = &audit->comparisons[k];
    size_t at = index->compared_count;
    if (c->comparison->across != index->offices->shared.times->column || at == MOST_DIFFERENCES)
      continue;
    const char *unit = c->measure->unit;
    bool is_ranked = eh_kind_of(c->measure->kind)->is_ranked;
    const char *name =
        !is_ranked      ? eh_arena_printf(arena, "In the outcome most different: %s", c->title)
        : unit && *unit ? eh_arena_printf(arena, "Difference in %s: %s", unit, c->title)
                        : eh_arena_printf(arena, "Difference: %s", c->title);
    columns[FIXED + at] = (struct eh_listing_column){
        .heading = eh_listing_heading(arena, name, columns, FIXED + at),
        .width = 22,
        .style = eh_scale_of(c->measure).difference,
        .kind = EH_VALUE_FIGURE,
        .at = AT(differences) + at * sizeof(struct eh_figure) + offsetof(struct eh_figure, value),
        .reason_at =
            AT(differences) + at * sizeof(struct eh_figure) + offsetof(struct eh_figure, why_not),
        .emphasis = is_ranked ? EH_BARS : EH_NO_EMPHASIS};
    index->compared[index->compared_count++] = c;
  }
  return columns;
}

static struct eh_figure difference_in(const struct eh_comparison_result *c,
                                      const struct eh_office *office) {
  for (size_t i = 0; i < office->own_count; i++)
    if (office->own[i].comparison == c) return eh_result_headline(office->own[i].result)->estimate;
  return eh_no_figure("no records in the measure");
}

static const void *index_row(void *context, size_t at) {
  struct index *index = context;
  struct offices *o = index->offices;
  const struct eh_office *office = &o->items[at];
  const struct eh_over_time *times = o->shared.times;
  const struct eh_unit_over_time *unit = &times->units[office->place];
  uint64_t missing = 0, columns = 0;
  for (size_t c = 0; c < times->column_count; c++) {
    if (o->shared.audit->rules->columns[times->columns[c]].is_period) continue;
    missing += unit->missing[c];
    columns++;
  }
  index->row = (struct index_row){
      .office = {office->name, eh_arena_printf(o->arena, "external:%s", office->file)},
      .records = unit->records,
      .own_findings = office->own_findings,
      .inside_findings = office->inside_findings,
      .missing = eh_figure((double)missing / ((double)unit->records * (double)columns)),
  };
  for (size_t d = 0; d < index->compared_count; d++)
    index->row.differences[d] = difference_in(index->compared[d], office);
  return &index->row;
}

static enum eh_status write_index(struct offices *o, struct eh_error *error) {
  struct eh_book_about about = about_of(o->arena, &o->shared, "All offices");
  struct index index = {.offices = o};
  struct eh_book *book =
      eh_book_open(o->arena, eh_folder_path(o->folder, "index.xlsx"), &about, error);
  if (!book) return EH_MACHINE;
  struct eh_listing table = {
      .title = eh_arena_printf(o->arena, "Office scorecards: %s", o->shared.audit->rules->title),
      .subtitle =
          "Each name opens that office's workbook in this folder. Differences are against peers, "
          "on "
          "like cases, in points unless the heading says otherwise.",
      .identifier = "Offices",
      .columns = index_columns(&index, o->arena),
      .frozen = 1,
      .count = o->count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "No record says which office it is of.",
  };
  table.column_count = FIXED + index.compared_count;
  eh_listing_plan(book, &table, "Offices");
  eh_listing_write(&table, index_row, &index);
  return eh_book_close(book, error);
}

/* A workbook that this audit would leave standing beside its own may be taken for one of them. */
static enum eh_status check_others(const struct eh_folder *folder, struct eh_error *error) {
  size_t count;
  char *other = eh_folder_other(folder, ".xlsx", &count);
  if (!other) return EH_OK;
  enum eh_status status;
  if (count == 1)
    status = eh_fail_at(error, EH_BAD_USAGE, folder->target, 0, 0,
                        "holds %s, which is not of an office in these records and might be taken "
                        "for one; move it away or name another folder",
                        other);
  else
    status = eh_fail_at(error, EH_BAD_USAGE, folder->target, 0, 0,
                        "holds %s and %zu more workbooks that are not of an office in these "
                        "records and might be taken for one; move them away or name another folder",
                        other, count - 1);
  free(other);
  return status;
}

enum eh_status eh_scorecards_write(const struct eh_audit *audit,
                                   const struct eh_report_context *context,
                                   const struct eh_over_time *times, struct eh_folder *folder,
                                   struct eh_error *error) {
  struct offices o = {.arena = eh_arena_new(),
                      .shared = {.audit = audit, .context = context, .times = times},
                      .folder = folder};
  list_offices(&o);
  sum_all(&o);
  enum eh_status status = write_index(&o, error);
  for (size_t i = 0; i < o.count && status == EH_OK; i++)
    status = write_card(&o, &o.items[i], error);
  if (status == EH_OK) status = check_others(folder, error);
  eh_arena_free(o.arena);
  return status;
}
