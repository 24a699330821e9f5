/* Checks on what is typed into a sheet. Rows and columns as in book.h. */
#ifndef EVENHAND_REPORTS_BOOK_CHECKS_H
#define EVENHAND_REPORTS_BOOK_CHECKS_H

#include "reports/book/book.h"

/* How the cells of a column are kept and shown ("@": as typed; "yyyy-mm-dd"). */
void eh_sheet_column_format(struct eh_sheet *sheet, unsigned column, double width,
                            const char *number_format);
/* Only values of a list, which stands in cells of another sheet; or else others after a warning. */
void eh_sheet_allow_list(struct eh_sheet *sheet, const struct eh_area *area, struct eh_sheet *list,
                         const struct eh_area *list_area, bool others, const char *message);
/* Only days from 1 January 1900 on. */
void eh_sheet_allow_dates(struct eh_sheet *sheet, const struct eh_area *area, const char *message);
void eh_sheet_allow_numbers(struct eh_sheet *sheet, const struct eh_area *area, double low,
                            double high, const char *message);
/* No value twice within the area, which is of one column. */
void eh_sheet_allow_once(struct eh_sheet *sheet, const struct eh_area *area, const char *message);

#endif
