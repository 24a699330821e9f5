#include "engine/cli/take.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "engine/cli/cli.h"

static void *member(const struct eh_option *option, struct eh_request *request) {
  return (char *)request + option->at;
}

EH_TAKER(eh_take_text) {
  (void)command;
  *(const char **)member(option, request) = text;
  return true;
}

EH_TAKER(eh_take_flag) {
  (void)command, (void)text;
  *(bool *)member(option, request) = true;
  return true;
}

EH_TAKER(eh_take_no) {
  (void)command, (void)text;
  *(bool *)member(option, request) = false;
  return true;
}

EH_TAKER(eh_take_count) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (text[0] >= '0' && text[0] <= '9' && !*end && !errno && value >= option->least &&
      value <= option->most) {
    *(uint64_t *)member(option, request) = value;
    return true;
  }
  eh_cli_misuse(command, "--%s takes a whole number from %llu to %llu, not '%s'", option->name,
                (unsigned long long)option->least, (unsigned long long)option->most, text);
  return false;
}

EH_TAKER(eh_take_size) {
  _Static_assert(sizeof(size_t) == sizeof(uint64_t), "sizes are taken as counts");
  return eh_take_count(option, command, text, request);
}

EH_TAKER(eh_take_real) {
  double *number = member(option, request);
  if (eh_number_parse(text, strlen(text), number) && *number >= option->low &&
      *number <= option->high)
    return true;
  eh_cli_misuse(command, "--%s takes a number from %g to %g, not '%s'", option->name, option->low,
                option->high, text);
  return false;
}

EH_TAKER(eh_take_day) {
  int32_t *day = member(option, request);
  if (eh_date_parse(text, strlen(text), "%Y-%m-%d", day)) return true;
  eh_cli_misuse(command, "--%s takes a date such as 2026-01-31, not '%s'", option->name, text);
  return false;
}

EH_TAKER(eh_take_delimiter) {
  static const struct {
    const char *name;
    char character;
  } names[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}, {"\\t", '\t'}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(text, names[i].name) == 0 || (text[0] == names[i].character && !text[1])) {
      *(char *)member(option, request) = names[i].character;
      return true;
    }
  eh_cli_misuse(command, "--%s takes comma, semicolon, tab or pipe, not '%s'", option->name, text);
  return false;
}

EH_TAKER(eh_take_memory) {
  static const char units[] = "KMGT";
  char *end;
  errno = 0;
  uint64_t number = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
  const char *unit = number && *end ? strchr(units, *end) : NULL;
  unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
  if (number && !errno && number <= UINT64_MAX >> shift && (!*end || (unit && !end[1]))) {
    *(uint64_t *)member(option, request) = number << shift;
    return true;
  }
  eh_cli_misuse(command, "--%s takes an amount such as 800M or 4G, not '%s'", option->name, text);
  return false;
}

EH_TAKER(eh_take_parser) {
  bool *use_libcsv = member(option, request);
  *use_libcsv = strcmp(text, "libcsv") == 0;
  if (*use_libcsv || strcmp(text, "fast") == 0) return true;
  eh_cli_misuse(command, "--%s takes fast or libcsv, not '%s'", option->name, text);
  return false;
}

EH_TAKER(eh_take_faults) {
  struct eh_error error;
  if (eh_faults_parse(text, member(option, request), &error) == EH_OK) return true;
  eh_cli_misuse(command, "--%s: %s", option->name, error.message);
  return false;
}

EH_TAKER(eh_take_dialect) {
  const char *known[16];
  size_t count = 0;
  (void)option;
  request->sql.dialect = request->source.dialect = eh_sql_dialect_find(text);
  if (request->sql.dialect) return true;
  struct eh_buffer list = {0};
  while (count < 16 && (known[count] = eh_sql_dialect_at(count))) {
    eh_buffer_printf(&list, "%s%s", count ? ", " : "", known[count]);
    count++;
  }
  const char *near = eh_rules_nearest(text, known, count);
  eh_cli_misuse(command, "there is no dialect '%s'%s%s%s; there are %s", text,
                near ? "; did you mean '" : "", near ? near : "", near ? "'" : "", list.text);
  eh_buffer_free(&list);
  return false;
}

static bool add_typed(struct eh_request *request, const char *header, enum eh_sql_type type) {
  request->typed[request->typed_count].header = header;
  request->typed[request->typed_count++].type = type;
  return true;
}

EH_TAKER(eh_take_number_column) {
  (void)option, (void)command;
  return add_typed(request, text, EH_SQL_NUMBER);
}

EH_TAKER(eh_take_date_column) {
  (void)option, (void)command;
  return add_typed(request, text, EH_SQL_DATE);
}
