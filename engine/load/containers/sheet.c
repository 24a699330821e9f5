#include "engine/load/containers/sheet.h"

#include <string.h>

void eh_sheet_column_name(uint32_t column, char name[4]) {
  char letters[4];
  size_t count = 0;
  for (uint32_t left = column + 1; left && count < 3; left = (left - 1) / 26)
    letters[count++] = (char)('A' + (left - 1) % 26);
  for (size_t i = 0; i < count; i++) name[i] = letters[count - 1 - i];
  name[count] = '\0';
}

bool eh_sheet_cell_of(const char *reference, size_t length, uint32_t *row, uint32_t *column) {
  uint32_t letters = 0, number = 0;
  size_t i = 0, first_digit;
  for (; i < length && i < 4; i++) {
    char c = reference[i];
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c < 'A' || c > 'Z') break;
    letters = letters * 26 + (uint32_t)(c - 'A' + 1);
  }
  first_digit = i;
  for (; i < length && i < first_digit + 8; i++) {
    if (reference[i] < '0' || reference[i] > '9') break;
    number = number * 10 + (uint32_t)(reference[i] - '0');
  }
  *row = number - 1;
  *column = letters - 1;
  return i == length && letters >= 1 && letters <= EH_MOST_COLUMNS && number >= 1 &&
         number <= EH_MOST_ROWS;
}

bool eh_sheet_range_of(const char *reference, struct eh_sheet_range *range) {
  const char *colon = strchr(reference, ':');
  const char *last = colon ? colon + 1 : reference;
  size_t first_length = colon ? (size_t)(colon - reference) : strlen(reference);
  return eh_sheet_cell_of(reference, first_length, &range->top, &range->left) &&
         eh_sheet_cell_of(last, strlen(last), &range->bottom, &range->right) &&
         range->top <= range->bottom && range->left <= range->right;
}
