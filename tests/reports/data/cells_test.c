#include "engine/load/counts/cells_file.h"
#include "tests/reports/sample.h"

static enum eh_status write(const struct sample *s, FILE *stream, struct eh_error *error) {
  return eh_cells_write(&s->audit, stream, error);
}

START_TEST(golden) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  ck_assert_str_eq(
      text,
      "comparison,measure,across,unit,each,priority,office,records,events\n"
      "\"released, across office\",released,office,'=Chicago,,1 danger,,10,4\n"
      "\"released, across office\",released,office,'=Chicago,,2 recent,,20,15\n"
      "\"released, across office\",released,office,Baltimore,,1 danger,,30,3\n"
      "\"released, across office\",released,office,Baltimore,,2 recent,,40,10\n"
      "\"released, across office\",released,office,\"Boston, \"\"MA\"\"\",,1 danger,,5,0\n"
      "\"released, across office\",released,office,(not recorded),,2 recent,,2,1\n"
      "\"released, across detained, for office Boston, \"\"MA\"\"\",released,detained,N,\"Boston, "
      "\"\"MA\"\"\",1 danger,"
      "\"Boston, \"\"MA\"\"\",3,1\n"
      "\"released, across detained, for office Boston, \"\"MA\"\"\",released,detained,Y,\"Boston, "
      "\"\"MA\"\"\",1 danger,"
      "\"Boston, \"\"MA\"\"\",2,2\n");
  free(text);
  sample_free(s);
}
END_TEST

/* A column of the rules named as one of the file's own gets another header. */
START_TEST(taken_names) {
  struct sample *s = sample_new();
  s->rules->columns[s->columns[0].column].name = "records";
  char *text = sample_written(write, s);
  ck_assert_int_eq(
      strncmp(text, "comparison,measure,across,unit,each,records_factor,office,records,events\n",
              71),
      0);
  free(text);
  sample_free(s);
}
END_TEST

/* What a spreadsheet would run gets an apostrophe, which reading takes away; nothing else does. */
START_TEST(no_field_is_run) {
  static const struct {
    const char *text, *field;
  } cases[] = {{"=1+1", "'=1+1"},
               {"+1+1", "'+1+1"},
               {"-1+1", "'-1+1"},
               {"@x", "'@x"},
               {"\t=x", "'\t=x"},
               {"-5", "-5"},
               {"+1.5e3", "+1.5e3"},
               {"'=1", "''=1"},
               {"'-5", "''-5"},
               {"'a", "'a"},
               {"a=1", "a=1"},
               {"", ""},
               {"'", "'"},
               {"\xEF\xBC\x9D"
                "1",
                "'\xEF\xBC\x9D"
                "1"}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_str_eq(eh_cells_file_guarded(arena, cases[i].text), cases[i].field);
    ck_assert_str_eq(eh_cells_file_unguarded(cases[i].field), cases[i].text);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(full_disk) {
  struct sample *s = sample_new();
  struct eh_error error = {0};
  FILE *stream = fopen("/dev/full", "w");
  if (stream) {
    ck_assert_int_eq(eh_cells_write(&s->audit, stream, &error), EH_MACHINE);
    ck_assert_ptr_nonnull(
        strstr(error.message, "cannot write the cells file: No space left on device"));
    fclose(stream);
  }
  sample_free(s);
}
END_TEST

RUN_TESTS("reports/cells", golden, taken_names, no_field_is_run, full_disk)
