/* Sources of records, each laid out in its own way: the `inputs` of the rules.
 *
 * What a source holds is brought to the standard layout as it is read (engine/load/sources): its
 * headers stand for the rules' columns, its codes become the rules' values, its dates are written
 * YYYY-MM-DD, what it leaves out is not recorded. Every later stage sees records of one layout.
 */
#ifndef EVENHAND_RULES_INPUTS_H
#define EVENHAND_RULES_INPUTS_H

#include "rules/rules.h"

/* Where a source has the values of a column of the rules. */
enum eh_provision {
  EH_IN_FIELD,    /* in its files, under a header */
  EH_CONSTANT,    /* all its records have the same */
  EH_NOT_PROVIDED /* nowhere: never recorded there */
};

struct eh_input_column {
  enum eh_provision provision;
  const char *text;                /* the header, or the constant; not provided: NULL where only
                                      another input's `keep` asks for it */
  const char *prefix;              /* put before each recorded value; "" */
  const struct eh_choice *recodes; /* label and the texts that become it; others stay as they are */
  size_t recode_count;
  struct eh_place place; /* of the header, or of what stands for it */
};

struct eh_rules_input {
  const char *name;
  const char *const *patterns;     /* of its files' names, for fnmatch */
  size_t pattern_count;            /* 0: it takes the files that fit no other */
  struct eh_input_column *columns; /* by column of the rules; only those of given columns matter */
  const char *const
      *missing; /* texts that stand for "not recorded" there; NULL: as rules->missing */
  size_t missing_count;
  bool missing_built_in; /* it is the built-in list, since the file has no `missing` */
  const char *encoding;  /* NULL: as rules->encoding */
  struct eh_header_place header;   /* line 0: as rules->header */
  enum eh_totals_rows totals_rows; /* not said: as rules->totals_rows */
  const struct eh_number_form *numbers; /* how its numbers are written; NULL: as rules->numbers */
  const char *const *date_forms;        /* how its dates are written; NULL: as rules->date_forms */
  size_t date_form_count;
  const char *sheet;                /* of its workbooks; NULL: the only one that holds records */
  const struct eh_expression *keep; /* NULL: all; it has its part in rules->keep */
  struct eh_place place;
};

/* The input of a file, by its base name (a .gz or .zst at its end may be left out of account);
   NULL: it fits none. */
const struct eh_rules_input *eh_rules_input_of(const struct eh_rules *rules, const char *file);
/* The same, or EH_BAD_RULES with a problem that names the patterns. Rules without inputs: EH_OK,
   and NULL. */
enum eh_status eh_rules_match(const struct eh_rules *rules, const char *file,
                              const struct eh_rules_input **input,
                              struct eh_problems *problems) EH_MUST_USE;

/* The header under which a given column of the rules stands in files of an input (NULL: of any
   file); NULL: in no field, or in the table that it is joined from. */
const char *eh_rules_header(const struct eh_rules *rules, const struct eh_rules_input *input,
                            size_t column);

/* As eh_rules_fit, for a file of an input. */
enum eh_status eh_rules_fit_input(const struct eh_rules *rules, const struct eh_rules_input *input,
                                  const char *const *headers, size_t header_count,
                                  const char *records, struct eh_problems *problems) EH_MUST_USE;

/* The encoding of texts that are no UTF-8, in files of an input (NULL: of any file); NULL:
   Windows-1252. rules may be NULL. */
const char *eh_rules_encoding(const struct eh_rules *rules, const struct eh_rules_input *input);

/* Where the header stands in files of an input (NULL: of any file), and whether rows of totals are
   records there. rules may be NULL. */
struct eh_header_place eh_rules_header_place(const struct eh_rules *rules,
                                             const struct eh_rules_input *input);
bool eh_rules_keep_totals(const struct eh_rules *rules, const struct eh_rules_input *input);

/* What the numbers of each column look like (enum eh_amount_shape, together), where the rules do
   not say how they are written: EH_BAD_RULES, with both readings, where that is left open. */
enum eh_status eh_rules_check_numbers(const struct eh_rules *rules, const unsigned *shapes,
                                      struct eh_error *error) EH_MUST_USE;

/* EH_BAD_RULES, at the place of `inputs`, where the rules have any. why: what cannot be done with
   them, and the remedy. */
enum eh_status eh_rules_refuse_inputs(const struct eh_rules *rules, const char *why,
                                      struct eh_error *error) EH_MUST_USE;
/* The same of `joins`. */
enum eh_status eh_rules_refuse_joins(const struct eh_rules *rules, const char *why,
                                     struct eh_error *error) EH_MUST_USE;

#endif
