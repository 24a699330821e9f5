/* The sections of a rules file: one row each in sections.c.
 *
 * To add one: a file with its reader, a row, and the members of struct eh_rules that it fills.
 */
#ifndef EVENHAND_RULES_READ_SECTIONS_H
#define EVENHAND_RULES_READ_SECTIONS_H

#include "rules/explain/internal.h"
#include "rules/read/internal.h"

/* A section is read after all those of an earlier pass, and after those above it in its own. */
enum eh_read_pass {
  EH_READ_NAMES,     /* what the file is, and the names that it gives */
  EH_READ_MEANINGS,  /* what names stand for, and what holds where a question says nothing else */
  EH_READ_QUESTIONS, /* what is asked of them */
  EH_READ_LAYOUTS,   /* where they stand in the records */
  EH_READ_PASSES
};

struct eh_section {
  const char *key;
  enum eh_read_pass pass;
  /* Each may be NULL. read is called with the key's value, NULL where the file does not have it. */
  void (*read)(struct eh_reader *reader, const struct eh_node *node);
  void (*mark)(struct eh_reader *reader);     /* the columns that it asks for */
  void (*renumber)(struct eh_reader *reader); /* its indices of columns, once the unused are gone */
  void (*explain)(struct eh_explanation *explanation); /* in plain English, in the order of rows */
};

/* The sections in the order in which they are explained. */
const struct eh_section *eh_sections(size_t *count);

#endif
