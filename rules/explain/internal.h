/* What the files that explain rules share, and what explains each section; the table of sections
 * (rules/read/sections.c) says in which order. */
#ifndef EVENHAND_RULES_EXPLAIN_INTERNAL_H
#define EVENHAND_RULES_EXPLAIN_INTERNAL_H

#include "rules/language/prose.h"
#include "rules/rules.h"

struct eh_explanation {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_buffer *out;
  bool *is_explained; /* by column: it needs no second explanation */
};

/* "a, b and c" of texts, joined by the word. */
const char *eh_explain_list(struct eh_explanation *explanation, const char *const *texts,
                            size_t count, const char *word);
/* The same of columns' names. */
const char *eh_explain_names(struct eh_explanation *explanation, const int *columns, size_t count,
                             const char *word);
/* A share in percent: "5" for 0.05. */
const char *eh_explain_percent(struct eh_explanation *explanation, double share);

/* What counts as not recorded. */
void eh_explain_missing(struct eh_explanation *explanation, size_t indent, const char *const *items,
                        size_t count, bool is_built_in);

/* How numbers are written. */
void eh_explain_numbers(struct eh_explanation *explanation, size_t indent,
                        const struct eh_number_form *form);

/* Where the header stands, and what becomes of totals: what is said of them. */
void eh_explain_rows(struct eh_explanation *explanation, size_t indent,
                     const struct eh_header_place *header, enum eh_totals_rows totals);

/* The section on the sources of records, where there are several. */
void eh_explain_inputs(struct eh_explanation *explanation);

/* A column and how it comes about, as an item of a list; then what it is derived from. */
void eh_explain_column(struct eh_explanation *explanation, size_t indent, const char *mark,
                       int column);
/* The sections: which records are audited and what stands in them, the policies, the similarly
 * situated, and so on; checks are totals and expectations. */
void eh_explain_records(struct eh_explanation *explanation);
void eh_explain_policies(struct eh_explanation *explanation);
void eh_explain_situated(struct eh_explanation *explanation);
/* What is known only after the decision. */
void eh_explain_after_decision(struct eh_explanation *explanation);
void eh_explain_measures(struct eh_explanation *explanation);
void eh_explain_comparisons(struct eh_explanation *explanation);
void eh_explain_monitor(struct eh_explanation *explanation);
void eh_explain_goals(struct eh_explanation *explanation);
void eh_explain_flag(struct eh_explanation *explanation);
void eh_explain_robustness(struct eh_explanation *explanation);
void eh_explain_review(struct eh_explanation *explanation);
void eh_explain_joins(struct eh_explanation *explanation);
void eh_explain_workloads(struct eh_explanation *explanation);
void eh_explain_publication(struct eh_explanation *explanation);
void eh_explain_checks(struct eh_explanation *explanation);
/* Which of the records with one case number stays, in the arena. */
const char *eh_explain_repeats(struct eh_arena *arena, const struct eh_rules *rules);
/* The section on the columns in use that no other section has explained. */
void eh_explain_rest(struct eh_explanation *explanation);

#endif
