/* What the files that write through libxlsxwriter share; nobody else includes it. */
#ifndef EVENHAND_REPORTS_BOOK_INTERNAL_H
#define EVENHAND_REPORTS_BOOK_INTERNAL_H

#include <xlsxwriter.h>

#include "reports/book/book.h"

/* Colours that people who cannot tell red from green can tell apart (after Okabe and Ito 2008), on
 * white. */
enum {
  EH_NAVY = 0x1B365D,
  EH_LINK_BLUE = 0x0B5394,
  EH_GREY_TEXT = 0x595959,
  EH_PALE = 0xEAF1F8,
  EH_RULE = 0xD0D7DE,
  EH_FILL_IN = 0xFFF9E0,
  EH_MARKED = 0xFCE4C4,
  EH_ABOVE = 0x56B4E9,
  EH_BELOW = 0xE69F00,
  EH_NOTABLE_FILL = 0xDCEAF7,
  EH_STRONG_FILL = 0x9EC5E8,
  EH_EXCEPTIONAL_FILL = 0x1F5FA8
};

struct eh_sheet {
  struct eh_book *book;
  lxw_worksheet *worksheet;
  const char *name;
  size_t links, notes;
};

struct eh_book {
  struct eh_arena *arena;
  lxw_workbook *workbook;
  const char *path;
  const char *footer;
  lxw_format *styles[EH_STYLES];
  lxw_format *levels[3];
  lxw_format *band;
  struct eh_sheet_names names;
  lxw_error failure; /* the first */
  const char *failed_sheet;
};

/* After a failure nothing more is written. */
bool eh_book_is_broken(const struct eh_book *book);
/* Keep the library's answer to a write, where it is the first failure. */
void eh_sheet_check(struct eh_sheet *sheet, lxw_error answer);

#endif
