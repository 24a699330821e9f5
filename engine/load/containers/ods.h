/* What the readers of an .ods spreadsheet share. */
#ifndef EVENHAND_LOAD_ODS_H
#define EVENHAND_LOAD_ODS_H

#include "engine/load/containers/number_format.h"
#include "engine/load/containers/sheet.h"
#include "engine/load/containers/xml.h"

/* Namespaces, for eh_xml_local. */
extern const char *const eh_ods_table[], *const eh_ods_office[], *const eh_ods_text[];
/* An attribute of a namespace ("... table:1.0 name"), or NULL. */
const char *eh_ods_attribute(const char **attributes, const char *const *space, const char *name);

/* --- styles and sheets: the first reading --- */

struct eh_ods_style {
  const char *name;
  const char *data_style;         /* of cells; NULL: none */
  bool hides;                     /* of tables */
  struct eh_number_format format; /* of data styles */
};
struct eh_ods_contents {
  struct eh_arena *arena;
  struct eh_ods_style *styles; /* of cells and tables, then, apart, of data */
  size_t style_count, style_capacity;
  struct eh_ods_style *data;
  size_t data_count, data_capacity;
  struct eh_worksheet *sheets;
  size_t sheet_count, sheet_capacity;
};
/* Of a part with styles, with sheets or with both; what it has is added. */
enum eh_status eh_ods_read_contents(struct eh_ods_contents *contents, struct eh_zip *zip,
                                    size_t entry, struct eh_error *error) EH_MUST_USE;
/* How numbers of a style of cells are shown. */
struct eh_number_format eh_ods_format_of(const struct eh_ods_contents *contents, const char *style);

/* --- a cell's text --- */

struct eh_ods_paragraphs {
  struct eh_buffer text;
  bool in_paragraph, has_paragraph;
  bool after_blank; /* white space that follows is part of the blank before */
  bool ends_in_blank;
};
void eh_ods_text_reset(struct eh_ods_paragraphs *p);
void eh_ods_text_begin(struct eh_ods_paragraphs *p);
void eh_ods_text_end(struct eh_ods_paragraphs *p);
/* Text, whose runs of white space are one blank; an element that stands for white space. */
void eh_ods_text_add(struct eh_ods_paragraphs *p, const char *text, size_t length);
void eh_ods_text_element(struct eh_ods_paragraphs *p, const char *local, const char **attributes);

/* --- rows --- */

struct eh_ods_reading;
enum eh_status eh_ods_begin_sheet(struct eh_ods_reading **reading, struct eh_zip *zip, size_t entry,
                                  const struct eh_ods_contents *contents, size_t sheet,
                                  const struct eh_sheet_calls *calls, void *context,
                                  struct eh_error *error) EH_MUST_USE;
enum eh_status eh_ods_step_sheet(struct eh_ods_reading *reading, bool *at_end,
                                 struct eh_error *error) EH_MUST_USE;
void eh_ods_pause_sheet(struct eh_ods_reading *reading);
void eh_ods_end_sheet(struct eh_ods_reading *reading);

#endif
