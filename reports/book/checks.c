#include "reports/book/checks.h"

#include "reports/book/internal.h"

enum { LONGEST_MESSAGE = 255 };

static void put(struct eh_sheet *sheet, const struct eh_area *area, lxw_data_validation *check,
                const char *message) {
  if (eh_book_is_broken(sheet->book)) return;
  char text[LONGEST_MESSAGE + 1];
  snprintf(text, sizeof text, "%s", message);
  check->ignore_blank = LXW_VALIDATION_ON;
  check->error_title = "Please check";
  check->error_message = text;
  eh_sheet_check(sheet, worksheet_data_validation_range(
                            sheet->worksheet, area->first_row, (lxw_col_t)area->first_column,
                            area->last_row, (lxw_col_t)area->last_column, check));
}

void eh_sheet_column_format(struct eh_sheet *sheet, unsigned column, double width,
                            const char *number_format) {
  if (eh_book_is_broken(sheet->book)) return;
  lxw_format *format = workbook_add_format(sheet->book->workbook);
  if (!format) eh_out_of_memory();
  format_set_num_format(format, number_format);
  eh_sheet_check(sheet, worksheet_set_column(sheet->worksheet, (lxw_col_t)column, (lxw_col_t)column,
                                             width, format));
}

void eh_sheet_allow_list(struct eh_sheet *sheet, const struct eh_area *area, struct eh_sheet *list,
                         const struct eh_area *list_area, bool others, const char *message) {
  char range[64];
  lxw_rowcol_to_range_abs(range, list_area->first_row, (lxw_col_t)list_area->first_column,
                          list_area->last_row, (lxw_col_t)list_area->last_column);
  char formula[128];
  snprintf(formula, sizeof formula, "='%s'!%s", list->name, range);
  lxw_data_validation check = {
      .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
      .value_formula = formula,
      .error_type = others ? LXW_VALIDATION_ERROR_TYPE_WARNING : LXW_VALIDATION_ERROR_TYPE_STOP};
  put(sheet, area, &check, message);
}

void eh_sheet_allow_dates(struct eh_sheet *sheet, const struct eh_area *area, const char *message) {
  lxw_data_validation check = {.validate = LXW_VALIDATION_TYPE_DATE,
                               .criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
                               .value_datetime = {.year = 1900, .month = 1, .day = 1}};
  put(sheet, area, &check, message);
}

void eh_sheet_allow_numbers(struct eh_sheet *sheet, const struct eh_area *area, double low,
                            double high, const char *message) {
  lxw_data_validation check = {.validate = LXW_VALIDATION_TYPE_DECIMAL,
                               .criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
                               .minimum_number = low,
                               .maximum_number = high};
  put(sheet, area, &check, message);
}

void eh_sheet_allow_once(struct eh_sheet *sheet, const struct eh_area *area, const char *message) {
  char range[64], first[32], formula[128];
  lxw_rowcol_to_range_abs(range, area->first_row, (lxw_col_t)area->first_column, area->last_row,
                          (lxw_col_t)area->first_column);
  lxw_rowcol_to_cell(first, area->first_row, (lxw_col_t)area->first_column);
  snprintf(formula, sizeof formula, "=COUNTIF(%s,%s)=1", range, first);
  lxw_data_validation check = {.validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
                               .value_formula = formula};
  put(sheet, area, &check, message);
}
