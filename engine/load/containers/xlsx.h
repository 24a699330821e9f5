/* An .xlsx workbook, taken apart: what its readers share. Parts are found by their relationships,
 * elements by namespace (of the transitional and the strict form). */
#ifndef EVENHAND_LOAD_XLSX_H
#define EVENHAND_LOAD_XLSX_H

#include "engine/load/containers/number_format.h"
#include "engine/load/containers/sheet.h"
#include "engine/load/containers/xml.h"

/* Namespaces of the parts, for eh_xml_local. */
extern const char *const eh_xlsx_main[], *const eh_xlsx_package[];

/* --- relationships --- */

struct eh_relation {
  const char *id, *type; /* the type's last word: "worksheet" */
  const char *part;      /* resolved; NULL: outside the file */
};
struct eh_relations {
  struct eh_relation *items;
  size_t count;
};
/* Of a part, or with "" of the whole package. One that has none is no error. */
enum eh_status eh_xlsx_relations(struct eh_arena *arena, struct eh_zip *zip, const char *part,
                                 struct eh_relations *relations,
                                 struct eh_error *error) EH_MUST_USE;
/* The first of a type (id NULL) or the one with this id; NULL: none. */
const struct eh_relation *eh_xlsx_relation(const struct eh_relations *relations, const char *type,
                                           const char *id);
/* The entry of a part; says that it is missing. */
enum eh_status eh_xlsx_part(const struct eh_zip *zip, const char *part, size_t *entry,
                            struct eh_error *error) EH_MUST_USE;

/* --- strings --- */

struct eh_xlsx_strings {
  struct eh_buffer bytes;
  size_t *ends; /* of each; the first begins at 0 */
  size_t count, capacity;
};
enum eh_status eh_xlsx_read_strings(struct eh_xlsx_strings *strings, struct eh_zip *zip,
                                    size_t entry, struct eh_error *error) EH_MUST_USE;
void eh_xlsx_free_strings(struct eh_xlsx_strings *strings);
enum eh_status eh_xlsx_too_long(const struct eh_zip *zip, struct eh_error *error);

/* --- styles --- */

/* By style of a cell, how its number is shown. */
struct eh_xlsx_styles {
  struct eh_number_format *formats;
  size_t count;
};
enum eh_status eh_xlsx_read_styles(struct eh_arena *arena, struct eh_xlsx_styles *styles,
                                   struct eh_zip *zip, size_t entry,
                                   struct eh_error *error) EH_MUST_USE;

/* --- sheets --- */

/* What the cells of every sheet mean. */
struct eh_xlsx_meaning {
  const struct eh_xlsx_strings *strings;
  const struct eh_xlsx_styles *styles;
  int first_day; /* 1462 where days count from 1904 */
};
struct eh_xlsx_reading;
enum eh_status eh_xlsx_begin_sheet(struct eh_xlsx_reading **reading, struct eh_zip *zip,
                                   size_t entry, const char *name,
                                   const struct eh_xlsx_meaning *meaning,
                                   const struct eh_sheet_calls *calls, void *context,
                                   struct eh_error *error) EH_MUST_USE;
enum eh_status eh_xlsx_step_sheet(struct eh_xlsx_reading *reading, bool *at_end,
                                  struct eh_error *error) EH_MUST_USE;
void eh_xlsx_pause_sheet(struct eh_xlsx_reading *reading);
void eh_xlsx_end_sheet(struct eh_xlsx_reading *reading);

#endif
