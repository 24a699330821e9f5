/* `derive`: new columns, each from given or earlier derived ones. */
#include <stdlib.h>
#include <string.h>

#include "rules/read/internal.h"

/* One derivation as it is being read. */
struct derivation {
  struct eh_reader *reader;
  const struct eh_node *node;  /* the mapping that says it */
  const struct eh_node *value; /* of its key: what stands after `bands:` */
  const char *what;            /* "`bands`", for messages */
  struct eh_column *column;    /* to be filled in */
};

typedef bool read_function(struct derivation *derivation);

static read_function read_two_dates, read_one_date, read_bands, read_first_of, read_recode;

static const struct operation {
  const char *key;
  enum eh_column_kind kind;
  read_function *read;
  const char *companions[2]; /* other keys that may stand beside it */
} operations[] = {
    {"years_between", EH_YEARS_BETWEEN, read_two_dates, {0}},
    {"days_between", EH_DAYS_BETWEEN, read_two_dates, {0}},
    {"bands", EH_BANDS, read_bands, {"of"}},
    {"month", EH_MONTH, read_one_date, {0}},
    {"quarter", EH_QUARTER, read_one_date, {0}},
    {"year", EH_YEAR, read_one_date, {0}},
    {"fiscal_year", EH_FISCAL_YEAR, read_one_date, {0}},
    {"first_of", EH_FIRST_OF, read_first_of, {0}},
    {"recode", EH_RECODE, read_recode, {"to", "otherwise"}},
};
enum { OPERATION_COUNT = sizeof operations / sizeof operations[0] };

/* The column named by node, which must be a date of the records; -1 after adding a problem. */
static int read_date(struct derivation *derivation, const struct eh_node *node) {
  struct eh_reader *reader = derivation->reader;
  int index = eh_read_column_of(reader, node, derivation->what);
  if (index < 0) return -1;
  const struct eh_working_column *source = &reader->columns[index];
  if (source->column.kind == EH_GIVEN || source->is_broken) return index;
  eh_read_problem(reader, node->place,
                  "%s takes a date of the records, and `%s` is derived; name a date column",
                  derivation->what, eh_read_shown(reader, source->column.name));
  return -1;
}

static bool read_two_dates(struct derivation *derivation) {
  const struct eh_node *value = derivation->value;
  if (value->kind != EH_NODE_LIST || value->item_count != 2) {
    eh_read_expected(derivation->reader, value, derivation->what,
                     "two dates, the earlier one first, such as [birth_date, date]");
    return false;
  }
  int *of = derivation->column->of;
  of[0] = read_date(derivation, &value->items[0]);
  of[1] = read_date(derivation, &value->items[1]);
  if (of[0] < 0 || of[1] < 0) return false;
  if (of[0] != of[1]) return true;
  eh_read_problem(derivation->reader, value->items[1].place,
                  "both dates are the same, so this would always be 0; name two columns");
  return false;
}

static bool read_one_date(struct derivation *derivation) {
  derivation->column->of[0] = read_date(derivation, derivation->value);
  return derivation->column->of[0] >= 0;
}

static bool is_numeric(const struct eh_working_column *source) {
  enum eh_column_kind kind = source->column.kind;
  return source->is_broken || kind == EH_GIVEN || kind == EH_YEARS_BETWEEN ||
         kind == EH_DAYS_BETWEEN || kind == EH_YEAR;
}

/* The number a band begins with, which must exceed the one before. */
static bool read_bound(struct derivation *derivation, const struct eh_node *node, size_t index) {
  struct eh_reader *reader = derivation->reader;
  double *bounds = derivation->column->bounds;
  if (!eh_read_number(reader, node, derivation->what, &bounds[index])) {
    bounds[index] = index ? bounds[index - 1] : 0;
    return false;
  }
  if (index == 0 || bounds[index] > bounds[index - 1]) return true;
  eh_read_problem(reader, node->place,
                  "%s must ascend, and %s follows %s; put them in order, each once",
                  derivation->what, node->text,
                  eh_read_shown(reader, node[-1].text ? node[-1].text : "a list"));
  return false;
}

static bool read_bands(struct derivation *derivation) {
  struct eh_reader *reader = derivation->reader;
  struct eh_column *column = derivation->column;
  const struct eh_node *value = derivation->value, *of = eh_read_get(derivation->node, "of");
  bool is_good = value->kind == EH_NODE_LIST && value->item_count > 0;
  if (!is_good)
    eh_read_expected(reader, value, derivation->what,
                     "a list of the numbers that begin a band, such as [16, 21, 31]");
  column->bound_count = value->kind == EH_NODE_LIST ? value->item_count : 0;
  column->bounds = eh_arena_alloc(reader->arena, column->bound_count, sizeof *column->bounds);
  for (size_t i = 0; i < column->bound_count; i++)
    is_good = read_bound(derivation, &value->items[i], i) && is_good;
  if (!of) {
    eh_read_problem(reader, value->key_place,
                    "`bands` needs `of: ` and the column to be cut into bands");
    return false;
  }
  column->of[0] = eh_read_column_of(reader, of, "`of`");
  if (column->of[0] < 0) return false;
  const struct eh_working_column *source = &reader->columns[column->of[0]];
  if (is_numeric(source)) return is_good;
  eh_read_problem(reader, of->place,
                  "`bands` are of a number, and `%s` is a text; name a column of numbers",
                  eh_read_shown(reader, source->column.name));
  return false;
}

/* One `label: condition` of first_of. */
static bool read_choice(struct derivation *derivation, const struct eh_node *item,
                        struct eh_choice *choice) {
  struct eh_reader *reader = derivation->reader;
  bool is_pair = item->kind == EH_NODE_MAP && item->item_count == 1;
  if (!is_pair) {
    const char *hint = item->kind == EH_NODE_MAP ? "; begin each label's line with `- `" : "";
    eh_read_problem(reader, item->place, "`first_of` takes one `label: condition` in each item%s",
                    hint);
    return false;
  }
  const struct eh_node *pair = &item->items[0];
  choice->label = eh_read_tidy(reader, pair->key);
  choice->place = pair->key_place;
  bool is_good = *pair->key != '\0';
  if (!is_good)
    eh_read_problem(reader, pair->key_place, "the label is empty; give this group a name");
  choice->condition = eh_read_choice(reader, pair, "a label of `first_of`");
  return choice->condition && is_good;
}

static bool read_first_of(struct derivation *derivation) {
  struct eh_reader *reader = derivation->reader;
  const struct eh_node *value = derivation->value;
  if (value->kind != EH_NODE_LIST || value->item_count == 0) {
    eh_read_expected(reader, value, derivation->what,
                     "a list, each item being `- label: condition`");
    return false;
  }
  struct eh_column *column = derivation->column;
  column->choices = eh_arena_alloc(reader->arena, value->item_count, sizeof *column->choices);
  column->choice_count = value->item_count;
  bool is_good = true;
  for (size_t i = 0; i < value->item_count; i++) {
    const struct eh_expression *before = i ? column->choices[i - 1].condition : NULL;
    is_good = read_choice(derivation, &value->items[i], &column->choices[i]) && is_good;
    if (!before || before->kind != EH_OTHERWISE) continue;
    eh_read_problem(
        reader, value->items[i].place,
        "nothing gets past the `otherwise` above, so this can never hold; move it above that");
    is_good = false;
  }
  return is_good;
}

static bool read_recode(struct derivation *derivation) {
  struct eh_reader *reader = derivation->reader;
  struct eh_column *column = derivation->column;
  const struct eh_node *to = eh_read_get(derivation->node, "to");
  const struct eh_node *otherwise = eh_read_get(derivation->node, "otherwise");
  column->of[0] = eh_read_column_of(reader, derivation->value, derivation->what);
  bool is_good = column->of[0] >= 0;
  if (otherwise) column->otherwise = eh_read_text(reader, otherwise, "`otherwise`");
  if (column->otherwise) column->otherwise = eh_read_tidy(reader, column->otherwise);
  if (!to) {
    eh_read_problem(reader, derivation->value->key_place,
                    "`recode` needs `to: ` and the labels, as in {to: {drugs: ['35A']}}");
    return false;
  }
  struct eh_recoding recoding = {.what = "`to`",
                                 .missing = reader->rules->missing,
                                 .missing_count = reader->rules->missing_count};
  is_good = eh_read_recoding(reader, to, &recoding) && is_good;
  column->choices = recoding.choices;
  column->choice_count = recoding.choice_count;
  return is_good && (!otherwise || column->otherwise);
}

/* The operation of a derivation; NULL after adding a problem. */
static const struct operation *find_operation(struct eh_reader *reader, const struct eh_node *node,
                                              const char *what) {
  const char *keys[OPERATION_COUNT];
  const struct operation *operation = NULL;
  for (int i = 0; i < OPERATION_COUNT; i++) {
    keys[i] = operations[i].key;
    const struct eh_node *value = eh_read_get(node, keys[i]);
    if (value && operation) {
      eh_read_problem(reader, value->key_place,
                      "%s is derived by `%s` already; give `%s` a name of its own", what,
                      operation->key, keys[i]);
    }
    if (value && !operation) operation = &operations[i];
  }
  if (operation) return operation;
  if (!eh_read_map(reader, node, what, keys, OPERATION_COUNT)) return NULL;
  if (node->item_count == 0)
    eh_read_expected(reader, node, what, "a derivation, such as {month: date}");
  return NULL;
}

/* The keys beside the operation's own. */
static void check_companions(struct eh_reader *reader, const struct eh_node *node,
                             const struct operation *operation) {
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *item = &node->items[i];
    bool is_known = false;
    for (int k = 0; k < OPERATION_COUNT; k++) is_known |= strcmp(item->key, operations[k].key) == 0;
    for (int k = 0; k < 2 && operation->companions[k]; k++)
      is_known |= strcmp(item->key, operation->companions[k]) == 0;
    if (is_known) continue;
    size_t count = operation->companions[1] ? 2 : operation->companions[0] ? 1 : 0;
    const char *hint = eh_read_suggestion(reader, item->key, operation->companions, count);
    eh_read_problem(reader, item->key_place, "`%s` has no key `%s` beside it%s", operation->key,
                    eh_read_shown(reader, item->key), *hint ? hint : "; remove it");
  }
}

static void read_derived(struct eh_reader *reader, const struct eh_node *item) {
  struct eh_name *name = eh_read_find_name(reader, item->key);
  bool is_own = name && name->kind == EH_NAME_DERIVED && name->column < 0;
  struct eh_column column = {.name = item->key, .of = {-1, -1}, .place = item->key_place};
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, item->key));
  if (is_own) name->in_work = true;
  const struct operation *operation = find_operation(reader, item, what);
  bool is_good = false;
  if (operation) {
    check_companions(reader, item, operation);
    column.kind = operation->kind;
    struct derivation derivation = {.reader = reader,
                                    .node = item,
                                    .value = eh_read_get(item, operation->key),
                                    .what = eh_arena_printf(reader->arena, "`%s`", operation->key),
                                    .column = &column};
    is_good = operation->read(&derivation);
  }
  if (!is_own) return;
  /* A broken derivation keeps its name, so that its uses are no problems of their own. */
  if (!is_good)
    column = (struct eh_column){.name = item->key, .of = {-1, -1}, .place = item->key_place};
  name->in_work = false;
  name->column = eh_read_add_column(reader, &column);
  if (name->column >= 0) reader->columns[name->column].is_broken = !is_good;
}

void eh_read_derive(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  if (node->kind != EH_NODE_MAP) {
    eh_read_expected(reader, node, "`derive`", "a mapping of new names to derivations");
    return;
  }
  for (size_t i = 0; i < node->item_count; i++) read_derived(reader, &node->items[i]);
}
