/* What the files of the rules reader share; included by rules/read*.c only.
 *
 * Text -> (read_text) checked characters -> (read_yaml) a tree of nodes with places -> (read_*) the
 * sections, which resolve names through read_columns -> (read_use) only the columns in use.
 * A reader goes on after a problem, so that a file's problems are all reported; a value that could
 * not be read is left at its default.
 */
#ifndef EVENHAND_RULES_READ_INTERNAL_H
#define EVENHAND_RULES_READ_INTERNAL_H

#include "rules/language/inputs.h"
#include "rules/language/parse.h"

/* Bounds on a hostile file; far above what a rules file needs. */
enum {
  EH_MAX_RULES_BYTES = 1 << 20,
  EH_MAX_RULES_DEPTH = 20,
  EH_MAX_COLUMNS = 1000,
  EH_MAX_LISTED = 100, /* columns in one list */
  EH_MAX_POLICIES = 200,
  EH_MAX_MEASURES = 200,
  EH_MAX_COMPARISONS = 200,
  EH_MAX_INPUTS = 100,
  EH_MAX_PROBLEMS = 1000
};

enum eh_node_kind { EH_NODE_TEXT, EH_NODE_LIST, EH_NODE_MAP };
enum eh_node_style { EH_STYLE_PLAIN, EH_STYLE_SINGLE, EH_STYLE_DOUBLE, EH_STYLE_BLOCK };

/* A YAML value. The items of a map carry their keys. */
struct eh_node {
  enum eh_node_kind kind;
  enum eh_node_style style; /* of a text */
  bool one_line;            /* the text begins and ends on one line */
  struct eh_place place;
  const char *text; /* NUL-terminated, without NUL inside; "" for a key without a value */
  size_t length;
  const struct eh_node *items;
  size_t item_count;
  const char *key; /* within a map, else NULL */
  struct eh_place key_place;
};

/* What a name of the rules stands for. Names come from `columns`, `derive`, `policies` and
 * `inputs`. */
enum eh_name_kind { EH_NAME_LISTED, EH_NAME_DERIVED, EH_NAME_POLICY, EH_NAME_SOURCE };
struct eh_name {
  const char *text;
  enum eh_name_kind kind;
  const char *header; /* EH_NAME_LISTED */
  size_t join;        /* EH_NAME_LISTED: see eh_column */
  int column;         /* index into eh_reader.columns; -1 until it is made */
  bool in_work;       /* EH_NAME_DERIVED: its derivation is being read */
  struct eh_place place;
};

/* A column while the rules are being read. */
struct eh_working_column {
  struct eh_column column;
  bool is_broken;   /* its derivation has a problem of its own: say nothing more about it */
  bool is_of_keeps; /* only the `keep` of some of the inputs asks for it */
  int final;        /* its index in eh_rules.columns, -1: dropped */
};

struct eh_reader {
  struct eh_arena *arena;
  const char *file;
  const char *text;
  size_t length;
  size_t *lines; /* where each line begins: byte offsets */
  size_t line_count;
  const struct eh_node *root; /* the whole file, as nodes */
  const struct eh_variation *variation; /* NULL: as the file says */
  struct eh_problems *problems;
  struct eh_rules *rules;
  struct eh_parse parse;
  struct eh_name *names;
  size_t name_count;
  struct eh_working_column *columns;
  size_t column_count;
  struct eh_expression **conditions; /* every condition read */
  size_t condition_count;
  bool file_excludes_missing; /* on_missing: exclude, at the top */
  const int *file_factors;    /* similarly_situated, at the top */
  size_t file_factor_count;
  const struct eh_node *file_adjust; /* adjust_for, at the top; NULL: none */
  struct eh_rules_input *inputs; /* rules->inputs, while they are being read */
  struct eh_comparison *tables;  /* by period, that were asked for */
  size_t table_count;
};

/* --- read_text.c: characters, places and words --- */

/* Check the text's encoding and note where its lines begin. False after adding a problem. */
bool eh_read_scan(struct eh_reader *reader);
/* Bytes of the line break at text, 0 if there is none; the breaks are YAML's. */
size_t eh_read_break_length(const char *text, size_t length);
/* Bytes of the character at text: valid UTF-8. */
size_t eh_read_character_length(const char *text);
void eh_read_problem(struct eh_reader *reader, struct eh_place place, const char *format, ...)
    EH_PRINTF(3, 4);
/* A user's text as messages show it: no control characters, not too long. */
const char *eh_read_shown(struct eh_reader *reader, const char *text);
/* "; did you mean `x`?", or "" when nothing is near. */
const char *eh_read_suggestion(struct eh_reader *reader, const char *wrong,
                               const char *const *known, size_t count);
/* Make room for one more item behind count items of an array that only grows by this call. */
void *eh_read_grow(struct eh_reader *reader, void *items, size_t count, size_t size);

/* --- read_yaml.c --- */

/* The tree of the whole text, or NULL after adding a problem. */
const struct eh_node *eh_read_tree(struct eh_reader *reader);

/* --- read_values.c: nodes of an expected kind --- */

/* The value of a key, or NULL. */
const struct eh_node *eh_read_get(const struct eh_node *map, const char *key);
/* Is node a map with only these keys? Adds a problem when it is no map (what names it: "`flag`"),
   and one for each other key; false only when it is no map. */
bool eh_read_map(struct eh_reader *reader, const struct eh_node *node, const char *what,
                 const char *const *keys, size_t key_count);
/* Add "WHAT takes WANTED; this is ...". */
void eh_read_expected(struct eh_reader *reader, const struct eh_node *node, const char *what,
                      const char *wanted);
/* The items of a list, or the node itself where one item may stand for a list of one; node may be
 * NULL. */
const struct eh_node *eh_read_items(struct eh_reader *reader, const struct eh_node *node,
                                    const char *what, const char *wanted, size_t *count);
/* The text of a node that must hold one, not empty; else NULL after adding a problem. */
const char *eh_read_text(struct eh_reader *reader, const struct eh_node *node, const char *what);
bool eh_read_number(struct eh_reader *reader, const struct eh_node *node, const char *what,
                    double *number);
/* A whole number from least to most. */
bool eh_read_count(struct eh_reader *reader, const struct eh_node *node, const char *what,
                   uint64_t least, uint64_t most, uint64_t *number);
/* A date as rules write it: 2011-06-17. Adds nothing. */
bool eh_read_is_day(const struct eh_node *node, int32_t *day);
/* Which of the words the node holds, or -1 after adding a problem. */
int eh_read_word(struct eh_reader *reader, const struct eh_node *node, const char *what,
                 const char *const *words, size_t count);

/* `main` of a measure: yes or no. And `family`, once all measures are read: which is the main one,
   and over what false findings are counted. */
bool eh_read_main(struct eh_reader *reader, const struct eh_node *node);
void eh_read_family(struct eh_reader *reader, const struct eh_node *root);

/* A share: 0.1, 10%, or 10 points where those have a meaning. False, adding nothing: none of these.
 */
bool eh_read_share(const struct eh_node *node, bool in_points, double *share);
/* A confidence from 50% to under 100%; adds a problem for anything else. */
void eh_read_confidence(struct eh_reader *reader, const struct eh_node *node, double *confidence);

/* --- read_condition.c --- */

/* A condition, or NULL after adding a problem. */
struct eh_expression *eh_read_condition(struct eh_reader *reader, const struct eh_node *node,
                                        const char *what);
/* The same for a label of first_of, where it may be `otherwise`. */
struct eh_expression *eh_read_choice(struct eh_reader *reader, const struct eh_node *node,
                                     const char *what);
/* Take over a condition that was made without text. */
void eh_read_keep_condition(struct eh_reader *reader, struct eh_expression *condition);

/* --- read_columns.c --- */

/* The names that `columns`, `derive` and `policies` give, before any is used. */
void eh_read_names(struct eh_reader *reader, const struct eh_node *columns);
/* The roles that columns have. */
void eh_read_mark_roles(struct eh_reader *reader);
void eh_read_renumber_roles(struct eh_reader *reader);
void eh_read_dates(struct eh_reader *reader, const struct eh_node *node);
/* The forms of `dates`; NULL where node does not give them. */
const char *const *eh_read_date_forms(struct eh_reader *reader, const struct eh_node *node,
                                      size_t *count);
/* Give a name to a column of the records that is listed nowhere else yet; its header is the name.
 */
void eh_read_list_name(struct eh_reader *reader, const struct eh_node *item);
/* Give a name to a column of the table of this number, from 1. */
void eh_read_list_joined(struct eh_reader *reader, const char *name, const char *header, size_t join,
                         struct eh_place place);
bool eh_read_is_name(const char *text); /* can it stand in a condition? */
struct eh_name *eh_read_find_name(const struct eh_reader *reader, const char *text);
/* The column of a name; a plain name that the rules do not give is a header. -1 after adding a
 * problem. */
int eh_read_column(struct eh_reader *reader, const char *name, struct eh_place place);
/* The same for a node that must hold a name. */
int eh_read_column_of(struct eh_reader *reader, const struct eh_node *node, const char *what);
/* A list of columns, or one: each only once. */
int *eh_read_columns_of(struct eh_reader *reader, const struct eh_node *node, const char *what,
                        size_t *count);
/* The column of a header; where the rules do not name it yet, under this name. */
int eh_read_headed(struct eh_reader *reader, const char *name, const char *header);
int eh_read_add_column(struct eh_reader *reader, const struct eh_column *column);

/* --- candidates.c --- */

/* Where the rules are asked for with one column more: once all questions are read. */
void eh_read_candidates(struct eh_reader *reader);

/* --- missing.c --- */

/* A text as those of records are compared. */
const char *eh_read_tidy(struct eh_reader *reader, const char *text);
void eh_read_missing(struct eh_reader *reader, const struct eh_node *node);
/* The texts of `missing`; NULL where node does not give them. */
const char *const *eh_read_missing_list(struct eh_reader *reader, const struct eh_node *node,
                                        size_t *count);
/* The list with an empty text, which is never recorded. */
const char *const *eh_read_with_empty(struct eh_reader *reader, const char *const *texts,
                                      size_t *count);
/* Where the rules have no `missing`: the built-in list, but for what they ask for; once all
   conditions and inputs are read. */
void eh_read_built_in_missing(struct eh_reader *reader, const struct eh_node *root);

/* --- encoding.c --- */

/* The name of an encoding; NULL: node gives none. */
const char *eh_read_encoding_of(struct eh_reader *reader, const struct eh_node *node);
void eh_read_encoding(struct eh_reader *reader, const struct eh_node *node);

/* --- rows.c --- */

struct eh_header_place eh_read_header_of(struct eh_reader *reader, const struct eh_node *node);
enum eh_totals_rows eh_read_totals_rows_of(struct eh_reader *reader, const struct eh_node *node);
void eh_read_header(struct eh_reader *reader, const struct eh_node *node);
void eh_read_totals_rows(struct eh_reader *reader, const struct eh_node *node);

/* --- ids.c --- */

void eh_read_ids(struct eh_reader *reader, const struct eh_node *node);
void eh_read_split(struct eh_reader *reader, const struct eh_node *node);
void eh_read_after_decision(struct eh_reader *reader, const struct eh_node *node);
/* Once it is known how columns are read, and what is asked of them; after eh_read_use. */
void eh_read_check_ids(struct eh_reader *reader);
void eh_read_check_after_decision(struct eh_reader *reader);

/* --- numbers.c --- */

/* The form of numbers that node gives; NULL: it gives none. */
const struct eh_number_form *eh_read_number_form(struct eh_reader *reader,
                                                 const struct eh_node *node);
void eh_read_numbers(struct eh_reader *reader, const struct eh_node *node);

/* --- read_recode.c --- */

struct eh_recoding {
  const char *what;           /* names the mapping in messages */
  const char *const *missing; /* texts that are never recoded */
  size_t missing_count;
  struct eh_choice *choices; /* the result */
  size_t choice_count;
};
/* A mapping of labels to the texts that become them; false after adding a problem. */
bool eh_read_recoding(struct eh_reader *reader, const struct eh_node *node,
                      struct eh_recoding *recoding);

/* --- read_inputs.c: sources of different layout --- */

/* The names that inputs give to columns, and the column `source`; while names are read. */
void eh_read_input_names(struct eh_reader *reader, const struct eh_node *root);
/* What inputs say, but for their columns; when all other sections are read. */
void eh_read_inputs(struct eh_reader *reader, const struct eh_node *node);
/* What is then not recorded, and how dates are written, in all of them; before eh_read_use. */
void eh_read_settle_inputs(struct eh_reader *reader, const struct eh_node *root);
/* --- read_input_columns.c --- */

/* Check what inputs say of columns. */
void eh_read_check_input_columns(struct eh_reader *reader, const struct eh_node *root);
/* Their columns, once it is known which are in use; after eh_read_use. */
void eh_read_input_columns(struct eh_reader *reader, const struct eh_node *root);

/* --- joins.c: tables of another grain --- */

/* The names of the columns that they give; while names are read. */
void eh_read_join_names(struct eh_reader *reader, const struct eh_node *root);
void eh_read_joins(struct eh_reader *reader, const struct eh_node *node);
/* Does anything ask for a column, while they are all in the rules? (use.c) */
bool eh_read_is_in_use(const struct eh_rules *rules, size_t index);
/* What the joins in use are looked up by; once it is known which columns are. */
void eh_read_mark_keys(struct eh_reader *reader);
void eh_read_renumber_joins(struct eh_reader *reader);

/* --- the sections: see sections.h --- */

void eh_read_version(struct eh_reader *reader, const struct eh_node *node);
void eh_read_title(struct eh_reader *reader, const struct eh_node *node);
void eh_read_about(struct eh_reader *reader, const struct eh_node *node);
void eh_read_individuals(struct eh_reader *reader, const struct eh_node *node);
/* Individuals and cases are headers of the records: other columns that come from one of these are
 * marked, too. Once the inputs' columns are known. */
void eh_read_mark_aliases(struct eh_reader *reader);
void eh_read_derive(struct eh_reader *reader, const struct eh_node *node);
void eh_read_records(struct eh_reader *reader, const struct eh_node *node);
/* Of it: `repeated`, `order_by` and `worst`. */
void eh_read_repeats(struct eh_reader *reader, const struct eh_node *records);
void eh_read_mark_records(struct eh_reader *reader);
void eh_read_policies(struct eh_reader *reader, const struct eh_node *node);
void eh_read_flag(struct eh_reader *reader, const struct eh_node *node);
/* A measure's own flag, once its kind is known; node may be NULL. */
void eh_read_own_flag(struct eh_reader *reader, const struct eh_node *node,
                      struct eh_measure *measure);
/* A text without the line break that ends a block; old where there is none to read. */
const char *eh_read_block(struct eh_reader *reader, const struct eh_node *node, const char *what,
                          const char *old);
void eh_read_workloads(struct eh_reader *reader, const struct eh_node *node);
void eh_read_publication(struct eh_reader *reader, const struct eh_node *node);
void eh_read_review(struct eh_reader *reader, const struct eh_node *node);
void eh_read_robustness(struct eh_reader *reader, const struct eh_node *node);
void eh_read_renumber_robustness(struct eh_reader *reader);
void eh_read_situated(struct eh_reader *reader, const struct eh_node *node);
/* A problem for each factor in which nobody can agree with anybody. */
void eh_read_check_factors(struct eh_reader *reader, const struct eh_node *node, const int *factors,
                           size_t count);

/* --- adjust.c --- */

void eh_read_adjust_for(struct eh_reader *reader, const struct eh_node *node);
/* A measure's own list, or the file's; once its factors are read. own: NULL, none. */
void eh_read_adjust_of(struct eh_reader *reader, const struct eh_node *own,
                       struct eh_measure *measure);
/* What a comparison of adjusted measures cannot have. */
void eh_read_check_adjusted(struct eh_reader *reader, const struct eh_comparison *comparison);

void eh_read_on_missing(struct eh_reader *reader, const struct eh_node *node);
void eh_read_measures(struct eh_reader *reader, const struct eh_node *node);
void eh_read_mark_measures(struct eh_reader *reader);
void eh_read_renumber_measures(struct eh_reader *reader);
/* `dependent_within`, at the top or of a comparison. */
void eh_read_dependent_of_file(struct eh_reader *reader, const struct eh_node *node);
void eh_read_dependent(struct eh_reader *reader, const struct eh_node *node,
                       struct eh_dependent *dependent);
/* Of a comparison: the columns that it asks for; its own indices, once the unused are gone. */
void eh_read_mark_dependent(struct eh_reader *reader, const struct eh_dependent *dependent);
void eh_read_renumber_dependent(struct eh_reader *reader, struct eh_dependent *dependent);
void eh_read_comparisons(struct eh_reader *reader, const struct eh_node *node);
void eh_read_monitor(struct eh_reader *reader, const struct eh_node *node);
void eh_read_renumber_monitor(struct eh_reader *reader);
void eh_read_mark_comparisons(struct eh_reader *reader);
void eh_read_renumber_comparisons(struct eh_reader *reader);

void eh_read_goals(struct eh_reader *reader, const struct eh_node *node);
void eh_read_renumber_goals(struct eh_reader *reader);
/* The index of the measure a node names, or -1 after adding a problem. */
int eh_read_measure_name(struct eh_reader *reader, const struct eh_node *node, const char *what);

/* --- tables.c: cells by period, beside the comparisons --- */

/* `month`, `quarter` or `fiscal_year`; false after adding a problem. what: "`every`". */
bool eh_read_every(struct eh_reader *reader, const struct eh_node *node, const char *what,
                   enum eh_every *every);
struct eh_table_asked {
  enum eh_every every;
  int across;        /* the units */
  const int *within; /* beside the measure's factors; an `each` column is one of these here */
  size_t within_count;
  size_t measure;
  struct eh_place place; /* where the rules ask for it */
};
/* While sections are read. Adds a problem where the rules have no date. */
void eh_read_ask_table(struct eh_reader *reader, const struct eh_table_asked *asked);
void eh_read_place_tables(struct eh_reader *reader);

void eh_read_totals(struct eh_reader *reader, const struct eh_node *node);
void eh_read_mark_totals(struct eh_reader *reader);
void eh_read_expects(struct eh_reader *reader, const struct eh_node *node);
void eh_read_mark_expects(struct eh_reader *reader);
void eh_read_renumber_expects(struct eh_reader *reader);
void eh_read_criteria(struct eh_reader *reader, const struct eh_node *node);
/* Names for the expectations that were given none; after eh_read_use. */
void eh_read_name_expects(struct eh_reader *reader);

/* --- read_outcome.c: what measures ask --- */

/* The measure's `event`, `category` or `value`; what names the measure in messages. */
void eh_read_question(struct eh_reader *reader, const struct eh_node *item, const char *what,
                      struct eh_measure *measure);
/* The smallest difference of a value, in its units: "5 days", or 5. */
void eh_read_value_difference(struct eh_reader *reader, const struct eh_node *node,
                              struct eh_measure *measure);
/* Once all readings of columns are known: can the columns that measures ask for be asked so, and
   are they free of what is compared? */
void eh_read_check_outcomes(struct eh_reader *reader);

/* --- read_use.c --- */

/* Mark what each column is used for, check that it can be used so, and move those in use to the
 * rules. */
void eh_read_use(struct eh_reader *reader);
/* For the marks of sections: a column that is asked for (-1: none), all that a condition asks for
 * (NULL: nothing), a column whose values tell what is compared from each other. */
void eh_read_mark_column(struct eh_reader *reader, int column);
void eh_read_mark_condition(struct eh_reader *reader, const struct eh_expression *condition);
void eh_read_mark_dimension(struct eh_reader *reader, int column);
/* An index, or a list of them, as the columns in use are numbered; the list is new. */
void eh_read_renumber(const struct eh_reader *reader, int *column);
const int *eh_read_renumbered(const struct eh_reader *reader, const int *columns, size_t count);

#endif
