/* The ledger of findings: a table that evenhand begins, people go on with in a spreadsheet, and
 * evenhand reads again.
 *
 * Its first columns are evenhand's and say what the records say; the rest are people's, and are
 * never changed: response, who is responsible, until when, what an auditor made of it. Columns that
 * are not known here stay, too, behind them. A finding is closed on evidence of action, not on a
 * figure: evenhand never closes one.
 */
#ifndef EVENHAND_AUDIT_FOLLOWUP_LEDGER_H
#define EVENHAND_AUDIT_FOLLOWUP_LEDGER_H

#include "engine/base/error.h"
#include "engine/base/memory.h"

#include <stdbool.h>

enum eh_ledger_column {
  EH_LEDGER_ID,
  EH_LEDGER_FIRST_SEEN,
  EH_LEDGER_LAST_SEEN,
  EH_LEDGER_MEASURE,
  EH_LEDGER_ACROSS,
  EH_LEDGER_WITHIN,
  EH_LEDGER_EACH,
  EH_LEDGER_UNIT,
  EH_LEDGER_DIRECTION,
  EH_LEDGER_FIRST_DIFFERENCE,
  EH_LEDGER_LATEST_DIFFERENCE,
  EH_LEDGER_STATUS,
  /* people's: */
  EH_LEDGER_RESPONSE,
  EH_LEDGER_AGREES,
  EH_LEDGER_ACTION,
  EH_LEDGER_RESPONSIBLE,
  EH_LEDGER_RESPONSE_DUE,
  EH_LEDGER_ACTION_DUE,
  EH_LEDGER_AUDITOR_STATUS,
  EH_LEDGER_CLOSED_ON,
  EH_LEDGER_NOTE,
  EH_LEDGER_COLUMNS
};
/* "finding_id", "first_seen", ... */
const char *eh_ledger_column_name(enum eh_ledger_column column);
/* What a column offers to choose from, NULL after the last; NULL: anything may stand there. */
const char *const *eh_ledger_choices(enum eh_ledger_column column);
bool eh_ledger_is_date(enum eh_ledger_column column);

struct eh_ledger_row {
  const char *texts[EH_LEDGER_COLUMNS]; /* "" where nothing stands */
  const char *const *others;            /* by column that is not known here */
  uint64_t line;                        /* in the file; 0: new */
};

struct eh_ledger {
  const char *file;         /* NULL: none was given */
  const char *const *names; /* of columns that are not known here */
  size_t name_count;
  struct eh_ledger_row *rows;
  size_t count;
  const char *const *notes; /* what cannot be used in it, with its place; sentences */
  size_t note_count;
};

/* A CSV file, or a workbook: its sheet "Ledger" where it has one. EH_BAD_INPUT where it has no
   column finding_id, or one finding twice. */
enum eh_status eh_ledger_read(struct eh_arena *arena, const char *file, struct eh_ledger *ledger,
                              struct eh_error *error) EH_MUST_USE;

/* A date as spreadsheets leave it: 2026-03-01, 3/1/2026, 01.03.2026. */
bool eh_ledger_day(const char *text, int32_t *day);
bool eh_ledger_is_closed(const struct eh_ledger_row *row);
/* Is a response or an action due before a day, and not there? Never of a closed one. what: "response
   due 2026-03-01" in the arena; NULL: not overdue. */
const char *eh_ledger_overdue(struct eh_arena *arena, const struct eh_ledger_row *row, int32_t day);

/* The row of a finding; NULL: none. */
struct eh_ledger_row *eh_ledger_find(const struct eh_ledger *ledger, const char *id);

#endif
