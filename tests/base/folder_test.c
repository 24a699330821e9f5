#include "engine/base/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "tests/test.h"

static char *new_place(void) {
  char *place = strdup("/tmp/evenhand-folder-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(place));
  return place;
}

static void drop(char *place) {
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", place);
  ck_assert_int_eq(system(command), 0);
  free(place);
}

static char *in(const char *place, const char *name) {
  struct eh_buffer path = {0};
  eh_buffer_printf(&path, "%s/%s", place, name);
  return path.text;
}

static void put(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

/* The names in a folder, hidden ones too. */
static size_t count_entries(const char *place) {
  DIR *folder = opendir(place);
  size_t count = 0;
  if (!folder) return SIZE_MAX;
  for (struct dirent *e; (e = readdir(folder)) != NULL;)
    count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
  closedir(folder);
  return count;
}

static void ck_text(const char *place, const char *name, const char *wanted) {
  char *path = in(place, name), text[64] = "";
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s", path);
  ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
  fclose(file);
  ck_assert_str_eq(text, wanted);
  free(path);
}

START_TEST(all_appear_at_commit) {
  struct eh_folder folder;
  struct eh_error error;
  char *place = new_place(), *target = in(place, "cards"), *a = in(target, "a.txt");
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "one");
  put(eh_folder_path(&folder, "b.txt"), "two");
  ck_assert_int_ne(access(a, F_OK), 0);
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_OK);
  ck_text(target, "a.txt", "one");
  ck_text(target, "b.txt", "two");
  struct stat status;
  ck_assert_int_eq(stat(a, &status), 0);
  ck_assert_uint_eq(status.st_mode & 0777, 0600);
  /* again, over the old ones; what else is there stays */
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "three");
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_OK);
  ck_text(target, "a.txt", "three");
  ck_text(target, "b.txt", "two");
  ck_assert_uint_eq(count_entries(target), 2);
  /* prepared: what is missing is told, and what comes after that is prepared with it */
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  const char *path = eh_folder_path(&folder, "b.txt");
  ck_assert_int_eq(eh_folder_prepare(&folder, &error), EH_MACHINE);
  put(path, "four");
  ck_assert_int_eq(eh_folder_prepare(&folder, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "five");
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_OK);
  ck_text(target, "a.txt", "five");
  ck_text(target, "b.txt", "four");
  ck_assert_uint_eq(count_entries(target), 2);
  free(a);
  free(target);
  drop(place);
}
END_TEST

START_TEST(nothing_appears_otherwise) {
  struct eh_folder folder;
  struct eh_error error;
  char *place = new_place(), *target = in(place, "cards"), *blocked = in(target, "b.txt");
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "one");
  eh_folder_abandon(&folder);
  ck_assert_uint_eq(count_entries(target), SIZE_MAX); /* it was made for nothing */
  /* a folder stands where a file should go: no file appears */
  ck_assert_int_eq(mkdir(target, 0700), 0);
  ck_assert_int_eq(mkdir(blocked, 0700), 0);
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "one");
  put(eh_folder_path(&folder, "b.txt"), "two");
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_BAD_USAGE);
  ck_assert_str_eq(error.file, blocked);
  ck_assert_uint_eq(count_entries(target), 1);
  /* one file was never written */
  ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
  put(eh_folder_path(&folder, "a.txt"), "one");
  ck_assert_ptr_nonnull(eh_folder_path(&folder, "c.txt"));
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_MACHINE);
  ck_assert_uint_eq(count_entries(target), 1);
  free(blocked);
  free(target);
  drop(place);
}
END_TEST

/* What a signal's handler does, in the middle of writing. */
START_TEST(a_signal_leaves_nothing) {
  struct eh_folder folder;
  struct eh_error error;
  char *place = new_place(), *target = in(place, "cards");
  for (int is_old = 0; is_old < 2; is_old++) {
    if (is_old) ck_assert_int_eq(mkdir(target, 0700), 0);
    ck_assert_int_eq(eh_folder_open(&folder, target, &error), EH_OK);
    put(eh_folder_path(&folder, "a.txt"), "one");
    put(eh_folder_path(&folder, "b.txt"), "two");
    ck_assert_ptr_nonnull(eh_folder_path(&folder, "never-written.txt"));
    eh_temporaries_remove();
    ck_assert_uint_eq(count_entries(target), is_old ? 0 : SIZE_MAX);
    eh_folder_abandon(&folder);
    eh_temporaries_remove(); /* nothing is remembered any more */
  }
  free(target);
  drop(place);
}
END_TEST

START_TEST(other_files) {
  struct eh_folder folder;
  struct eh_error error;
  size_t count;
  char *place = new_place(), *own = in(place, "own.xlsx");
  static const char *const names[] = {"own.xlsx",   "z.xlsx",       "Old.XLSX",
                                      "~$own.xlsx", ".hidden.xlsx", "notes.txt"};
  ck_assert_int_eq(eh_folder_open(&folder, place, &error), EH_OK);
  put(eh_folder_path(&folder, "own.xlsx"), "new");
  put(own, "old");
  ck_assert_ptr_null(eh_folder_other(&folder, ".xlsx", &count));
  ck_assert_uint_eq(count, 0);
  for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
    char *path = in(place, names[i]);
    put(path, "other");
    free(path);
  }
  char *other = eh_folder_other(&folder, ".xlsx", &count);
  ck_assert_str_eq(other, "Old.XLSX");
  ck_assert_uint_eq(count, 2);
  free(other);
  eh_folder_abandon(&folder);
  free(own);
  drop(place);
}
END_TEST

START_TEST(a_target_that_is_no_folder) {
  struct eh_folder folder;
  struct eh_error error;
  char *place = new_place(), *file = in(place, "file"), *deep = in(place, "no/such/folder");
  put(file, "text");
  ck_assert_int_eq(eh_folder_open(&folder, file, &error), EH_MACHINE);
  ck_assert_int_eq(eh_folder_open(&folder, deep, &error), EH_MACHINE);
  ck_text(place, "file", "text");
  free(deep);
  free(file);
  drop(place);
}
END_TEST

START_TEST(names_are_safe) {
  static const char *const rows[][2] = {
      {"San Francisco", "san-francisco"},
      {"../../etc/passwd", "etc-passwd"},
      {"St. Paul", "st-paul"},
      {"/", "unnamed"},
      {"..", "unnamed"},
      {"", "unnamed"},
      {"-rf", "rf"},
      {"caf\xC3\xA9 \xE6\x9D\xB1", "caf"},
      {"a\nb\\c:d*", "a-b-c-d"},
      {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
       "x",
       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char name[EH_FILE_NAME];
    eh_folder_safe_name(rows[i][0], name);
    ck_assert_str_eq(name, rows[i][1]);
  }
}
END_TEST

RUN_TESTS("base/folder", all_appear_at_commit, nothing_appears_otherwise, a_signal_leaves_nothing,
          other_files, a_target_that_is_no_folder, names_are_safe)
