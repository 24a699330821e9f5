#include "engine/audit/followup/ledger.h"

#include <string.h>
#include <strings.h>

#include "engine/base/date.h"

static const char *const names[EH_LEDGER_COLUMNS] = {
    [EH_LEDGER_ID] = "finding_id",
    [EH_LEDGER_FIRST_SEEN] = "first_seen",
    [EH_LEDGER_LAST_SEEN] = "last_seen",
    [EH_LEDGER_MEASURE] = "measure",
    [EH_LEDGER_ACROSS] = "across",
    [EH_LEDGER_WITHIN] = "within",
    [EH_LEDGER_EACH] = "each",
    [EH_LEDGER_UNIT] = "unit",
    [EH_LEDGER_DIRECTION] = "direction",
    [EH_LEDGER_FIRST_DIFFERENCE] = "first_difference",
    [EH_LEDGER_LATEST_DIFFERENCE] = "latest_difference",
    [EH_LEDGER_STATUS] = "status_by_records",
    [EH_LEDGER_RESPONSE] = "response",
    [EH_LEDGER_AGREES] = "agrees",
    [EH_LEDGER_ACTION] = "action",
    [EH_LEDGER_RESPONSIBLE] = "responsible",
    [EH_LEDGER_RESPONSE_DUE] = "response_due",
    [EH_LEDGER_ACTION_DUE] = "action_due",
    [EH_LEDGER_AUDITOR_STATUS] = "auditor_status",
    [EH_LEDGER_CLOSED_ON] = "closed_on",
    [EH_LEDGER_NOTE] = "note"};

const char *eh_ledger_column_name(enum eh_ledger_column column) { return names[column]; }

const char *const *eh_ledger_choices(enum eh_ledger_column column) {
  static const char *const agrees[] = {"none yet", "yes", "partly", "no", NULL};
  static const char *const statuses[] = {"open unresolved", "open resolved", "closed implemented",
                                         "closed not implemented", NULL};
  if (column == EH_LEDGER_AGREES) return agrees;
  return column == EH_LEDGER_AUDITOR_STATUS ? statuses : NULL;
}

bool eh_ledger_is_date(enum eh_ledger_column column) {
  return column == EH_LEDGER_FIRST_SEEN || column == EH_LEDGER_LAST_SEEN ||
         column == EH_LEDGER_RESPONSE_DUE || column == EH_LEDGER_ACTION_DUE ||
         column == EH_LEDGER_CLOSED_ON;
}

bool eh_ledger_day(const char *text, int32_t *day) {
  static const char *const forms[] = {"%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (eh_date_parse(text, strlen(text), forms[i], day)) return true;
  return false;
}

bool eh_ledger_is_closed(const struct eh_ledger_row *row) {
  return strncasecmp(row->texts[EH_LEDGER_AUDITOR_STATUS], "closed", 6) == 0;
}

static bool is_past(const char *text, int32_t as_of) {
  int32_t day;
  return eh_ledger_day(text, &day) && day < as_of;
}

const char *eh_ledger_overdue(struct eh_arena *arena, const struct eh_ledger_row *row,
                              int32_t day) {
  const char *response_due = row->texts[EH_LEDGER_RESPONSE_DUE],
             *action_due = row->texts[EH_LEDGER_ACTION_DUE];
  if (eh_ledger_is_closed(row)) return NULL;
  if (is_past(action_due, day)) return eh_arena_printf(arena, "action due %s", action_due);
  if (!*row->texts[EH_LEDGER_RESPONSE] && is_past(response_due, day))
    return eh_arena_printf(arena, "response due %s", response_due);
  return NULL;
}

struct eh_ledger_row *eh_ledger_find(const struct eh_ledger *ledger, const char *id) {
  for (size_t i = 0; i < ledger->count; i++)
    if (strcmp(ledger->rows[i].texts[EH_LEDGER_ID], id) == 0) return &ledger->rows[i];
  return NULL;
}
