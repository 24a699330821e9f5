#include "engine/base/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/base/temporaries.h"
#include "tests/test.h"

static char folder[] = "/tmp/evenhand-output-XXXXXX";

static const char *in_folder(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

static void expect_file(const char *path, const char *text) {
  char bytes[256] = {0};
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  size_t length = fread(bytes, 1, sizeof bytes - 1, file);
  bytes[length] = '\0';
  fclose(file);
  ck_assert_str_eq(bytes, text);
}

static int files_in_folder(void) {
  char command[300];
  snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
  FILE *list = popen(command, "r");
  int count = -1;
  ck_assert_int_eq(fscanf(list, "%d", &count), 1);
  pclose(list);
  return count;
}

START_TEST(a_file_appears_whole_or_not_at_all) {
  ck_assert_ptr_nonnull(mkdtemp(folder));
  char target[256];
  strcpy(target, in_folder("report"));
  write_file(target, "old");
  struct eh_output output;
  struct eh_error error;
  ck_assert_int_eq(eh_output_open(&output, target, &error), EH_OK);
  fputs("half", output.stream);
  expect_file(target, "old");
  eh_output_abandon(&output);
  expect_file(target, "old");
  ck_assert_int_eq(files_in_folder(), 1);

  ck_assert_int_eq(eh_output_open(&output, target, &error), EH_OK);
  fputs("new", output.stream);
  ck_assert_int_eq(eh_output_commit(&output, &error), EH_OK);
  eh_output_abandon(&output);
  expect_file(target, "new");
  ck_assert_int_eq(files_in_folder(), 1);
  struct stat status;
  ck_assert_int_eq(stat(target, &status), 0);
  ck_assert_uint_eq(status.st_mode & 0777, 0600);

  ck_assert_int_eq(eh_output_open(&output, target, &error), EH_OK);
  eh_temporaries_remove();
  ck_assert_int_eq(files_in_folder(), 1);
  eh_output_abandon(&output);
  unlink(target);
  rmdir(folder);
}
END_TEST

START_TEST(none_of_several_is_replaced_where_one_cannot_be_written) {
  char place[] = "/tmp/evenhand-output-XXXXXX", first[64], second[64];
  struct eh_error error;
  ck_assert_ptr_nonnull(mkdtemp(place));
  snprintf(first, sizeof first, "%s/first", place);
  snprintf(second, sizeof second, "%s/second", place);
  for (int is_whole = 0; is_whole < 2; is_whole++) {
    struct eh_output outputs[3] = {{0}}; /* the middle one is not asked for */
    write_file(first, "old");
    write_file(second, "old");
    ck_assert_int_eq(eh_output_open(&outputs[0], first, &error), EH_OK);
    ck_assert_int_eq(eh_output_open(&outputs[2], second, &error), EH_OK);
    fputs("new", outputs[0].stream);
    fputs("new", outputs[2].stream);
    if (!is_whole) close(fileno(outputs[2].stream)); /* what it holds goes nowhere */
    ck_assert_int_eq(eh_output_commit_all(outputs, 3, &error), is_whole ? EH_OK : EH_MACHINE);
    expect_file(first, is_whole ? "new" : "old");
    expect_file(second, is_whole ? "new" : "old");
    if (!is_whole) ck_assert_str_eq(error.file, second);
    for (int i = 0; i < 3; i++) ck_assert_ptr_null(outputs[i].target);
  }
  unlink(first);
  unlink(second);
  ck_assert_int_eq(rmdir(place), 0); /* nothing else is left there */
}
END_TEST

START_TEST(standard_output_is_called_so) {
  struct eh_output output;
  struct eh_error error;
  ck_assert_int_eq(setenv("TMPDIR", "/nonexistent/folder", 1), 0);
  ck_assert_int_eq(eh_output_open(&output, "-", &error), EH_MACHINE);
  unsetenv("TMPDIR");
  ck_assert_str_eq(error.file, "standard output");
  ck_assert_ptr_nonnull(strstr(error.message, "set TMPDIR"));
  ck_assert_str_eq(eh_output_name("a file"), "a file");
  eh_output_abandon(&output);
}
END_TEST

START_TEST(what_cannot_be_written_is_refused) {
  static const char *const targets[] = {"/nonexistent/folder/x", "/", "/dev/null"};
  for (size_t i = 0; i < 3; i++) {
    struct eh_output output;
    struct eh_error error = {0};
    ck_assert_int_ne(eh_output_open(&output, targets[i], &error), EH_OK);
    ck_assert_str_eq(error.file, targets[i]);
    ck_assert(error.message[0]);
    eh_output_abandon(&output);
  }
}
END_TEST

RUN_TESTS("output", a_file_appears_whole_or_not_at_all,
          none_of_several_is_replaced_where_one_cannot_be_written, standard_output_is_called_so,
          what_cannot_be_written_is_refused)
