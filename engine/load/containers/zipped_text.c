#include "engine/load/containers/zipped_text.h"

#include <string.h>
#include <strings.h>

#include "engine/load/containers/folded.h"
#include "engine/load/containers/refusals.h"

static const char *base_of(const char *name) {
  for (const char *s = name; *s; s++)
    if ((*s == '/' || *s == '\\') && s[1]) name = s + 1;
  return name;
}

/* Folders, what a Mac adds, and files that are hidden do not count. */
static bool counts(const char *name) {
  size_t length = strlen(name);
  if (length == 0 || name[length - 1] == '/' || name[length - 1] == '\\') return false;
  return strncmp(name, "__MACOSX", 8) != 0 && base_of(name)[0] != '.';
}

static bool has_ending(const char *name, const char *ending) {
  size_t length = strlen(name), letters = strlen(ending);
  return length > letters && strcasecmp(name + length - letters, ending) == 0;
}

static size_t with_ending(const struct eh_zip *zip, const char *a, const char *b, size_t *entry) {
  size_t count = 0;
  for (size_t i = 0; i < eh_zip_count(zip); i++) {
    const char *name = eh_zip_name(zip, i);
    if (!counts(name) || !(has_ending(name, a) || has_ending(name, b))) continue;
    if (count++ == 0) *entry = i;
  }
  return count;
}

/* "2014.csv and 2015.csv" */
static void list(const struct eh_zip *zip, bool only_csv, size_t count, struct eh_buffer *text) {
  enum { MOST_LISTED = 8 };
  size_t shown = 0;
  for (size_t i = 0; i < eh_zip_count(zip) && shown < MOST_LISTED; i++) {
    const char *name = eh_zip_name(zip, i);
    if (!counts(name) || (only_csv && !has_ending(name, ".csv") && !has_ending(name, ".tsv")))
      continue;
    shown++;
    eh_buffer_printf(text, "%s%.80s", shown == 1 ? "" : shown == count ? " and " : ", ", name);
  }
  if (shown < count) eh_buffer_printf(text, " and %zu more", count - shown);
}

static enum eh_status refuse_several(const struct eh_zip *zip, size_t count,
                                     struct eh_error *error) {
  struct eh_buffer names = {0};
  list(zip, true, count, &names);
  enum eh_status status = eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0,
                                     "holds %zu CSV files: %s; unpack it and give them by name",
                                     count, names.text);
  eh_buffer_free(&names);
  return status;
}

static enum eh_status refuse_none(const struct eh_zip *zip, size_t count, struct eh_error *error) {
  struct eh_buffer names = {0};
  list(zip, false, count, &names);
  enum eh_status status = eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0,
                                     "is a zip without a CSV file, and no workbook (it holds %s)",
                                     names.text);
  eh_buffer_free(&names);
  return status;
}

/* The only entry may be anything: a workbook, a picture. */
static enum eh_status check_text(struct eh_zip *zip, size_t entry, bool is_csv,
                                 struct eh_error *error) {
  char start[EH_REFUSAL_LOOK];
  size_t length = 0, got = 1;
  const char *name = eh_zip_name(zip, entry);
  if (eh_zip_is_encrypted(zip, entry))
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0,
                      "is protected by a password; evenhand opens no protected files: unpack it, "
                      "or save a copy without one");
  EH_TRY(eh_zip_begin(zip, entry, error));
  while (length < sizeof start && got) {
    EH_TRY(eh_zip_read(zip, start + length, sizeof start - length, &got, error));
    length += got;
  }
  bool is_zip = length >= 4 && memcmp(start, "PK\3\4", 4) == 0;
  if (is_zip || eh_is_ole(start, length) || eh_fold_of(start, length) != EH_NOT_FOLDED)
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0,
                      "holds %.200s; unpack it and give that", base_of(name));
  bool is_utf16 = length >= 2 && (memcmp(start, "\xff\xfe", 2) == 0 ||
                                  memcmp(start, "\xfe\xff", 2) == 0);
  if (!is_csv && !is_utf16 && memchr(start, '\0', length)) return refuse_none(zip, 1, error);
  struct eh_error other;
  if (eh_refuse_beginning(eh_zip_file(zip), start, length, &other) == EH_OK) return EH_OK;
  return refuse_none(zip, 1, error);
}

enum eh_status eh_zipped_text_find(struct eh_zip *zip, size_t *entry, struct eh_error *error) {
  size_t all = 0;
  for (size_t i = 0; i < eh_zip_count(zip); i++) {
    if (!counts(eh_zip_name(zip, i))) continue;
    if (all++ == 0) *entry = i;
  }
  eh_zip_call(zip, "zip");
  if (all == 0)
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0, "is an empty zip");
  size_t only = *entry, tables = with_ending(zip, ".csv", ".tsv", entry);
  if (tables > 1) return refuse_several(zip, tables, error);
  if (tables == 1) return check_text(zip, *entry, true, error);
  *entry = only;
  if (all > 1 && with_ending(zip, ".txt", ".tab", entry) != 1)
    return refuse_none(zip, all, error);
  return check_text(zip, *entry, false, error);
}
