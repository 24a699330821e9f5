/* What ReadStat tells of a file, and what is kept of it: variables and labels. Internal to
 * statistical*.c. */
#ifndef EVENHAND_LOAD_STATISTICAL_FILE_H
#define EVENHAND_LOAD_STATISTICAL_FILE_H

#include "engine/base/memory.h"
#include "engine/load/containers/statistical.h"
#include "engine/load/containers/statistical_text.h"

struct eh_label {
  const char *set;
  const char *text; /* of a text that has a label; NULL: a number has it */
  double number;
  const char *label;
};

struct eh_variable {
  const char *name, *set; /* set of labels; NULL: none */
  enum eh_statistical_kind kind;
  const struct eh_label *labels; /* sorted by what they label */
  size_t label_count;
  uint64_t labelled, others, missing; /* cells */
};

/* The file as it is read by one of the two readings. */
struct eh_statistical_cursor {
  const struct eh_stored *stored;
  uint64_t at;
};

/* One reading. value: of each cell, by case and variable; false: stop. text NULL: a number. is_marked:
   missing by its user's mark. */
struct eh_statistical_cell {
  size_t variable;
  bool is_missing, is_marked;
  const char *text;
  double number;
  int digits;
};
struct eh_statistical_calls {
  void (*variable)(void *context, const char *name, const char *set, const char *format);
  void (*label)(void *context, const struct eh_label *label);
  bool (*value)(void *context, const struct eh_statistical_cell *cell);
};
enum eh_statistical_format { EH_SAV, EH_POR, EH_DTA, EH_SAS7BDAT, EH_XPORT, EH_STATISTICAL_FORMATS };
enum eh_status eh_statistical_parse(const struct eh_stored *stored,
                                    enum eh_statistical_format format,
                                    const struct eh_statistical_calls *calls, void *context,
                                    struct eh_error *error) EH_MUST_USE;

#endif
