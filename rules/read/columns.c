/* Names and columns: what `columns`, `derive` and `policies` name, and what a name stands for. */
#include <string.h>
#include <strings.h>

#include "engine/base/date.h"
#include "rules/read/internal.h"

static const char *const roles[] = {"case", "person", "date"};
enum { ROLE_COUNT = 3 };

static bool is_role(const char *text) {
  for (int i = 0; i < ROLE_COUNT; i++) {
    if (strcmp(text, roles[i]) == 0) return true;
  }
  return false;
}

/* Can text be written in a condition as a name: letters (of any alphabet), digits, _, no digit
 * first? */
static bool is_plain(const char *text) {
  if (*text >= '0' && *text <= '9') return false;
  for (const char *c = text; *c; c++) {
    bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c & 0x80);
    if (!is_letter && !(*c >= '0' && *c <= '9') && *c != '_') return false;
  }
  return *text != '\0';
}

bool eh_read_is_name(const char *text) { return is_plain(text); }

/* A word of the condition language, in capitals or not. */
static bool is_reserved(const char *text) {
  static const char *const words[] = {"and", "or",      "not",    "in",   "between",
                                      "is",  "missing", "starts", "with", "otherwise"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcasecmp(text, words[i]) == 0) return true;
  }
  return false;
}

struct eh_name *eh_read_find_name(const struct eh_reader *reader, const char *text) {
  for (size_t i = 0; i < reader->name_count; i++) {
    if (strcmp(reader->names[i].text, text) == 0) return &reader->names[i];
  }
  return NULL;
}

/* What a name means of itself where the file has a section; NULL: nothing. */
static const char *meaning_of(enum eh_name_kind kind) {
  if (kind == EH_NAME_POLICY) return "`policy` is the policy in force, since there are `policies`";
  if (kind == EH_NAME_SOURCE) return "`source` is the name of the input, since there are `inputs`";
  return NULL;
}

/* Add a name, unless it cannot be one. section is the key it stands under. */
static struct eh_name *add_name(struct eh_reader *reader, enum eh_name_kind kind, const char *text,
                                struct eh_place place, const char *section) {
  const char *shown = eh_read_shown(reader, text);
  const struct eh_name *old = eh_read_find_name(reader, text);
  if (old && old->kind == kind) return NULL; /* a duplicate key, which the tree has reported */
  if (old && meaning_of(old->kind)) {
    eh_read_problem(reader, place, "%s; give this name of `%s` another", meaning_of(old->kind),
                    section);
    return NULL;
  }
  if (old) {
    eh_read_problem(reader, place, "`%s` is a name already (line %llu); give this one another",
                    shown, (unsigned long long)old->place.line);
    return NULL;
  }
  if (!is_plain(text) || is_reserved(text)) {
    eh_read_problem(
        reader, place,
        is_reserved(text)
            ? "`%s` is a word of the conditions and cannot name a column; choose another name"
            : "`%s` cannot be a name: use letters, digits and _, and begin with a letter",
        shown);
  }
  if (reader->name_count >= EH_MAX_COLUMNS) {
    eh_read_problem(reader, place, "there are more than %d names; remove those not needed",
                    EH_MAX_COLUMNS);
    return NULL;
  }
  reader->names = eh_read_grow(reader, reader->names, reader->name_count, sizeof *reader->names);
  struct eh_name *name = &reader->names[reader->name_count++];
  *name = (struct eh_name){.text = text, .kind = kind, .column = -1, .place = place};
  return name;
}

int eh_read_add_column(struct eh_reader *reader, const struct eh_column *column) {
  if (reader->column_count >= EH_MAX_COLUMNS) {
    if (reader->column_count == EH_MAX_COLUMNS)
      eh_read_problem(reader, column->place, "the rules use more than %d columns", EH_MAX_COLUMNS);
    return -1;
  }
  reader->columns =
      eh_read_grow(reader, reader->columns, reader->column_count, sizeof *reader->columns);
  reader->columns[reader->column_count] =
      (struct eh_working_column){.column = *column, .final = -1};
  return (int)reader->column_count++;
}

static int add_given(struct eh_reader *reader, const char *name, const char *header, size_t join,
                     struct eh_place place) {
  struct eh_column column = {.name = name,
                             .kind = EH_GIVEN,
                             .header = header,
                             .join = join,
                             .of = {-1, -1},
                             .place = place};
  return eh_read_add_column(reader, &column);
}

/* The name that `columns` gives to a header, or NULL. */
static struct eh_name *name_of_header(struct eh_reader *reader, const char *header) {
  for (size_t i = 0; i < reader->name_count; i++) {
    struct eh_name *name = &reader->names[i];
    if (name->kind == EH_NAME_LISTED && !name->join && strcmp(name->header, header) == 0) return name;
  }
  return NULL;
}

static void read_listed(struct eh_reader *reader, const struct eh_node *item) {
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, item->key));
  if (item->kind != EH_NODE_TEXT || item->length == 0) {
    eh_read_expected(reader, item, what, "a header of the records");
    return;
  }
  const char *header = eh_read_tidy(reader, item->text);
  const struct eh_name *other = name_of_header(reader, header);
  if (other) {
    eh_read_problem(reader, item->place,
                    "the header `%s` has the name `%s` already (line %llu); use that",
                    eh_read_shown(reader, item->text), eh_read_shown(reader, other->text),
                    (unsigned long long)other->place.line);
  }
  struct eh_name *name = add_name(reader, EH_NAME_LISTED, item->key, item->key_place, "columns");
  if (!name) return;
  name->header = header;
  name->place = item->place;
}

void eh_read_list_name(struct eh_reader *reader, const struct eh_node *item) {
  const struct eh_name *old = eh_read_find_name(reader, item->key);
  if (old && old->kind == EH_NAME_LISTED) return;
  const struct eh_name *other = name_of_header(reader, item->key);
  if (other) {
    eh_read_problem(reader, item->key_place,
                    "`%s` is the header of `%s` (line %llu); name it so here too",
                    eh_read_shown(reader, item->key), eh_read_shown(reader, other->text),
                    (unsigned long long)other->place.line);
    return;
  }
  struct eh_name *name = add_name(reader, EH_NAME_LISTED, item->key, item->key_place, "columns");
  if (name) name->header = item->key;
}

void eh_read_list_joined(struct eh_reader *reader, const char *name, const char *header, size_t join,
                         struct eh_place place) {
  const struct eh_name *old = eh_read_find_name(reader, name);
  if (old && old->kind == EH_NAME_LISTED) {
    eh_read_problem(reader, place, "`%s` is a name already (line %llu); give this column another: "
                    "`columns: {another_name: %s}`", eh_read_shown(reader, name),
                    (unsigned long long)old->place.line, eh_read_shown(reader, header));
    return;
  }
  struct eh_name *added = add_name(reader, EH_NAME_LISTED, name, place, "joins");
  if (!added) return;
  added->header = header;
  added->join = join;
}

/* The column of a role, or -1 when `columns` does not give it. */
static int role_column(struct eh_reader *reader, const char *role) {
  const struct eh_name *name = eh_read_find_name(reader, role);
  if (!name || name->kind != EH_NAME_LISTED) return -1;
  return eh_read_column(reader, role, name->place);
}

static void read_columns(struct eh_reader *reader, const struct eh_node *node) {
  if (node && node->kind != EH_NODE_MAP)
    eh_read_expected(reader, node, "`columns`",
                     "a mapping of names to headers, such as `case: case_id`");
  for (size_t i = 0; node && node->kind == EH_NODE_MAP && i < node->item_count; i++)
    read_listed(reader, &node->items[i]);
  eh_read_input_names(reader, reader->root);
  eh_read_join_names(reader, reader->root);
  struct eh_rules *rules = reader->rules;
  rules->case_column = role_column(reader, "case");
  rules->person_column = role_column(reader, "person");
  rules->date_column = role_column(reader, "date");
  bool is_given = (node && (node->kind != EH_NODE_MAP || eh_read_get(node, "case"))) ||
                  eh_read_find_name(reader, "case");
  if (!is_given)
    eh_read_problem(reader, node ? node->key_place : (struct eh_place){1, 1},
                    "`columns` names no case; add `case: ` and the header of the case number, so "
                    "that files can be pulled");
}

/* `policy` is a column where policies are given. */
static void read_policy_name(struct eh_reader *reader, const struct eh_node *root) {
  const struct eh_node *node = eh_read_get(root, "policies");
  if (!node || node->kind != EH_NODE_LIST || node->item_count == 0) return;
  add_name(reader, EH_NAME_POLICY, "policy", node->key_place, "policies");
}

static void add_policy_column(struct eh_reader *reader) {
  struct eh_name *name = eh_read_find_name(reader, "policy");
  if (!name || name->kind != EH_NAME_POLICY) return;
  struct eh_column column = {.name = "policy",
                             .kind = EH_POLICY,
                             .of = {reader->rules->date_column, -1},
                             .place = name->place};
  name->column = reader->rules->policy_column = eh_read_add_column(reader, &column);
  if (reader->rules->date_column < 0)
    eh_read_problem(reader, name->place,
                    "`policies` needs to know when a case was decided; add `date: ` and its header "
                    "under `columns`");
}

/* `source` is a column where inputs are given: its labels are their names. */
static void add_source_column(struct eh_reader *reader, const struct eh_node *root) {
  const struct eh_node *node = eh_read_get(root, "inputs");
  if (!node || node->kind != EH_NODE_LIST || node->item_count == 0) return;
  struct eh_name *name = add_name(reader, EH_NAME_SOURCE, "source", node->key_place, "inputs");
  if (!name) return;
  struct eh_column column = {
      .name = "source", .kind = EH_SOURCE, .of = {-1, -1}, .place = node->key_place};
  column.choices = eh_arena_alloc(reader->arena, node->item_count, sizeof *column.choices);
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *label = eh_read_get(&node->items[i], "name");
    if (label && label->kind == EH_NODE_TEXT && label->length)
      column.choices[column.choice_count++].label = label->text;
  }
  name->column = reader->rules->source_column = eh_read_add_column(reader, &column);
}

void eh_read_names(struct eh_reader *reader, const struct eh_node *columns) {
  const struct eh_node *root = reader->root;
  read_policy_name(reader, root);
  add_source_column(reader, root);
  read_columns(reader, columns);
  add_policy_column(reader);
  const struct eh_node *derive = eh_read_get(root, "derive");
  for (size_t i = 0; derive && derive->kind == EH_NODE_MAP && i < derive->item_count; i++) {
    const struct eh_node *item = &derive->items[i];
    if (is_role(item->key) && !eh_read_find_name(reader, item->key))
      eh_read_problem(reader, item->key_place,
                      "`%s` is a role of a column of the records; derive under another name",
                      item->key);
    add_name(reader, EH_NAME_DERIVED, item->key, item->key_place, "derive");
  }
}

static int find_given(const struct eh_reader *reader, const char *header) {
  for (size_t i = 0; i < reader->column_count; i++) {
    const struct eh_column *column = &reader->columns[i].column;
    if (column->kind == EH_GIVEN && !column->join && column->header &&
        strcmp(column->header, header) == 0)
      return (int)i;
  }
  return -1;
}

int eh_read_headed(struct eh_reader *reader, const char *name, const char *header) {
  int column = find_given(reader, header);
  static const struct eh_place nowhere = {1, 1};
  return column >= 0 ? column : add_given(reader, name, header, 0, nowhere);
}

/* A name that the rules give. */
static int known_column(struct eh_reader *reader, struct eh_name *name, struct eh_place place) {
  if (name->kind == EH_NAME_LISTED && name->column < 0)
    name->column = add_given(reader, name->text, name->header, name->join, name->place);
  if (name->column >= 0) return name->column;
  const char *shown = eh_read_shown(reader, name->text);
  if (name->in_work)
    eh_read_problem(reader, place, "`%s` is derived from itself; name another column here", shown);
  else if (name->kind == EH_NAME_DERIVED)
    eh_read_problem(reader, place,
                    "`%s` is derived further down (line %llu); move its derivation above this one",
                    shown, (unsigned long long)name->place.line);
  return -1;
}

int eh_read_column(struct eh_reader *reader, const char *text, struct eh_place place) {
  struct eh_name *name = eh_read_find_name(reader, text);
  if (!name) name = name_of_header(reader, text);
  if (name) return known_column(reader, name, place);
  if (is_plain(text)) {
    int column = find_given(reader, text);
    return column >= 0 ? column : add_given(reader, text, text, 0, place);
  }
  const char **known = eh_arena_alloc(reader->arena, reader->name_count, sizeof *known);
  for (size_t i = 0; i < reader->name_count; i++) known[i] = reader->names[i].text;
  const char *hint = eh_read_suggestion(reader, text, known, reader->name_count);
  eh_read_problem(reader, place, "`%s` is no name%s", eh_read_shown(reader, text),
                  *hint ? hint : "; a header with blanks or signs needs a name under `columns`");
  return -1;
}

int eh_read_column_of(struct eh_reader *reader, const struct eh_node *node, const char *what) {
  if (node->kind == EH_NODE_TEXT && node->length > 0)
    return eh_read_column(reader, node->text, node->place);
  eh_read_expected(reader, node, what, "the name of a column");
  return -1;
}

int *eh_read_columns_of(struct eh_reader *reader, const struct eh_node *node, const char *what,
                        size_t *count) {
  size_t item_count;
  const struct eh_node *items = eh_read_items(
      reader, node, what, "a list of names, such as [field_office, age_band]", &item_count);
  if (item_count > EH_MAX_LISTED) {
    eh_read_problem(reader, node->place, "%s names more than %d columns; shorten it", what,
                    EH_MAX_LISTED);
    item_count = 0;
  }
  int *columns = eh_arena_alloc(reader->arena, item_count, sizeof *columns);
  *count = 0;
  for (size_t i = 0; i < item_count; i++) {
    int column = eh_read_column_of(reader, &items[i], what);
    bool is_new = column >= 0;
    for (size_t k = 0; k < *count && is_new; k++) is_new = columns[k] != column;
    if (is_new)
      columns[(*count)++] = column;
    else if (column >= 0)
      eh_read_problem(reader, items[i].place, "%s names `%s` twice; once is enough", what,
                      eh_read_shown(reader, reader->columns[column].column.name));
  }
  return columns;
}

/* Two forms that read one text as different days: which is meant, nobody but the user knows. */
static void check_clash(struct eh_reader *reader, const char *const *forms, size_t index,
                        struct eh_place place) {
  char text[EH_DATE_TEXT], days[2][11];
  int32_t day = 0;
  for (size_t i = 0; i < index && forms[index] && eh_date_form_valid(forms[index]); i++) {
    if (!forms[i] || !eh_date_form_valid(forms[i])) continue;
    if (!eh_date_forms_clash(forms[i], forms[index], text)) continue;
    for (int k = 0; k < 2; k++) {
      (void)eh_date_parse(text, strlen(text), forms[k ? index : i], &day);
      eh_date_format(day, days[k]);
    }
    eh_read_problem(reader, place,
                    "`%s` and `%s` both fit %s, as %s and as %s: keep the one that is meant, and "
                    "give files that are written in the other an input of their own (`inputs`)",
                    eh_read_shown(reader, forms[i]), eh_read_shown(reader, forms[index]), text,
                    days[0], days[1]);
    return;
  }
}

const char *const *eh_read_date_forms(struct eh_reader *reader, const struct eh_node *node,
                                      size_t *count) {
  const struct eh_node *items =
      eh_read_items(reader, node, "`dates`",
                    "a form of dates, such as \"%Y-%m-%d\", or several in a list", count);
  if (node && node->kind == EH_NODE_LIST && *count == 0)
    eh_read_expected(reader, node, "`dates`", "at least one form, such as \"%Y-%m-%d\"");
  if (*count == 0) return NULL;
  const char **forms = eh_arena_alloc(reader->arena, *count, sizeof *forms);
  for (size_t i = 0; i < *count; i++) {
    forms[i] = eh_read_text(reader, &items[i], "`dates`");
    if (forms[i] && !eh_date_form_valid(forms[i]))
      eh_read_problem(
          reader, items[i].place,
          "`%s` is no form of dates; it needs a year (%%Y or %%y), a month (%%m, %%b "
          "or %%B) and a day (%%d), as in %%Y-%%m-%%d or %%m/%%d/%%Y; or it is excel, unix or "
          "unix-ms",
          eh_read_shown(reader, forms[i]));
    check_clash(reader, forms, i, items[i].place);
  }
  return forms;
}

void eh_read_dates(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const by_default[] = {"%Y-%m-%d"};
  struct eh_rules *rules = reader->rules;
  rules->date_forms = eh_read_date_forms(reader, node, &rules->date_form_count);
  if (rules->date_forms) return;
  rules->date_forms = by_default;
  rules->date_form_count = 1;
}
