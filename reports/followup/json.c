/* A follow-up for scripts. Fractions, as in the findings file; null with its reason. */
#include "engine/base/date.h"
#include "reports/data/json_figures.h"
#include "reports/followup/followup.h"
#include "reports/words/safe.h"

static json_t *file_object(const struct eh_past *past) {
  json_t *object = eh_json_object();
  char day[11];
  eh_json_set_text(object, "file", past->file);
  eh_json_set_text(object, "sha256", past->sha256);
  eh_json_set_count(object, "format", (uint64_t)past->format);
  eh_date_format(past->as_of, day);
  eh_json_set_text(object, "as_of", day);
  if (past->has_dates) {
    eh_date_format(past->first, day);
    eh_json_set_text(object, "first_date", day);
    eh_date_format(past->last, day);
    eh_json_set_text(object, "last_date", day);
  }
  return object;
}

static void set_text(json_t *object, const char *name, const char *text, const char *why_not) {
  if (text && *text)
    eh_json_set_text(object, name, text);
  else
    eh_json_set_null(object, name, why_not);
}

static json_t *ledger_object(const struct eh_ledger_row *row) {
  json_t *object = eh_json_object();
  for (int c = EH_LEDGER_RESPONSE; c < EH_LEDGER_COLUMNS; c++)
    eh_json_set_text(object, eh_ledger_column_name((enum eh_ledger_column)c), row->texts[c]);
  return object;
}

static void set_moved(json_t *object, const struct eh_follow_item *item) {
  static const char *const words[] = {[EH_MOVED_AS_EXPECTED] = "no",
                                      [EH_MOVED_FELL] = "fell",
                                      [EH_MOVED_ROSE] = "rose"};
  if (item->moved == EH_MOVED_UNKNOWN)
    eh_json_set_null(object, "beyond_regression", item->z.why_not ? item->z.why_not : "no test");
  else
    eh_json_set_text(object, "beyond_regression", words[item->moved]);
}

static json_t *item_object(const struct eh_follow_item *item) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "finding_id", item->id);
  eh_json_set_text(object, "measure", item->measure);
  eh_json_set_text(object, "across", item->across);
  eh_json_set_text(object, "within", item->within);
  eh_json_set_text(object, "each", item->each);
  eh_json_set_text(object, "unit", item->unit);
  set_text(object, "outcome", item->outcome, "not a measure of a category");
  eh_json_set_text(object, "status", eh_follow_status_name(item->status));
  set_text(object, "attention", item->attention, "nothing is due");
  eh_json_set(object, "old", eh_json_interval(&item->old_difference));
  eh_json_set_figure(object, "expected", item->expected);
  eh_json_set(object, "new", eh_json_interval(&item->new_difference));
  eh_json_set_figure(object, "shrinkage", item->shrinkage);
  eh_json_set_figure(object, "flagged_again", item->again);
  eh_json_set_figure(object, "z", item->z);
  eh_json_set_figure(object, "p", item->p);
  eh_json_set_figure(object, "q", item->q);
  set_moved(object, item);
  eh_json_set_text(object, "statement", item->statement);
  eh_json_set(object, "ledger", ledger_object(item->row));
  return object;
}

static void put_items(struct eh_json_stream *json, const char *name,
                      const struct eh_follow_item *items, size_t count) {
  eh_json_open(json, name, '[');
  for (size_t i = 0; i < count; i++) eh_json_put(json, NULL, item_object(&items[i]));
  eh_json_close(json, ']');
}

static json_t *again_object(const struct eh_followup *up) {
  json_t *object = eh_json_object();
  eh_json_set_count(object, "compared", up->judged);
  eh_json_set_number(object, "expected", up->expected_again,
                     up->judged ? NULL : "none can be compared");
  eh_json_set_count(object, "flagged", up->seen_again);
  return object;
}

enum eh_status eh_followup_json_write(const struct eh_followup *up,
                                      const struct eh_report_context *context, FILE *stream,
                                      struct eh_error *error) {
  struct eh_json_stream json = {.stream = stream};
  json_t *notes = eh_json_array();
  eh_json_open(&json, NULL, '{');
  eh_json_put(&json, "evenhand", eh_json_text(context->version));
  eh_json_put(&json, "old", file_object(up->before));
  eh_json_put(&json, "new", file_object(up->after));
  eh_json_put(&json, "not_compared",
              up->not_compared ? eh_json_text(up->not_compared) : json_null());
  eh_json_put(&json, "expected_again", again_object(up));
  eh_json_put_count(&json, "overdue", up->overdue);
  put_items(&json, "results", up->items, up->count);
  put_items(&json, "new_findings", up->fresh, up->fresh_count);
  for (size_t i = 0; i < up->note_count; i++) eh_json_append(notes, eh_json_text(up->notes[i]));
  eh_json_put(&json, "notes", notes);
  eh_json_close(&json, '}');
  EH_TRY(eh_stream_check(stream, "the follow-up", error));
  return json.failed ? eh_fail(error, EH_MACHINE, "cannot write the follow-up") : EH_OK;
}
