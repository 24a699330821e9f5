/* Starter rules: valid as they stand, and fitting, whatever the headers and values; and right where
 * the names tell. */
#include "reports/starter.h"

#include "tests/load/records.h"

static const struct {
  const char *records;
  const char *contains[4]; /* in the rules */
} files[] = {
    {"case_id,person_id,decision_date,field_office,officer_id,outcome,criminal_history,birth_date\n"
     "1,p1,2016-01-01,North,o1,released,none,1980-05-05\n"
     "2,p2,2016-01-02,South,o2,detained,felony,1990-05-06\n"
     "3,p3,2016-01-03,North,o1,released,none,1970-05-07\n"
     "4,p4,2016-01-04,South,o2,detained,none,1960-05-08\n"
     "5,p5,2016-01-05,North,o1,released,felony,1950-05-09\n"
     "6,p6,2016-01-06,South,o3,detained,none,1985-05-10\n"
     "7,p7,2016-01-07,East,o3,detained,none,1985-05-11\n"
     "8,p8,2016-01-08,East,o3,detained,none,1985-05-12\n",
     {"case: \"case_id\"", "date: \"decision_date\"", "age_band", "'released'"}},
    /* quotes, colons, keywords, blanks, other alphabets, and a header that stands twice */
    {"No.,\"Office: \"\"main\"\"\",and,R\xC3\xA9sultat outcome,Day of decision,x,x\n"
     "1,\"A: b\",it's,\"Grant: yes, 'full'\",12/24/2016,1,2\n"
     "2,\"A: b\",is,no # not,12/25/2016,1,2\n3,C,is,no # not,12/26/2016,1,2\n"
     "4,C,is,\"Grant: yes, 'full'\",12/27/2016,1,2\n5,\"- d\",is,no # not,12/28/2016,1,2\n"
     "6,\"- d\",it's,no # not,12/28/2016,1,2\n7,C,is,no # not,12/28/2016,1,2\n"
     "8,C,is,no # not,12/28/2016,1,2\n9,C,is,no # not,12/28/2016,1,2\n"
     "10,C,is,no # not,12/28/2016,1,2\n",
     {"dates: [\"%m/%d/%Y\"]", "'Grant: yes, ''full'''", "across: office"}},
    /* nothing to go by */
    {"a,b,c\n1,x,0\n2,y,1\n3,x,0\n4,z,0\n5,x,1\n6,y,0\n7,z,0\n8,x,0\n9,y,1\n10,z,0\n",
     {"evenhand: 1", "comparisons:"}},
    {"case,person,date,office,officer,outcome\n1,a,1.2.2016,N,x,N\n2,b,2.2.2016,S,y,Y\n"
     "3,c,3.2.2016,N,x,N\n4,d,4.2.2016,S,y,Y\n5,e,5.2.2016,N,z,NULL\n6,f,6.2.2016,S,z,N\n"
     "7,g,7.2.2016,N,z,N\n8,h,8.2.2016,S,z,N\n9,i,9.2.2016,S,z,N\n",
     {"%d.%m.%Y", "missing: [\"\", \"NULL\"]", "'Y'"}},
};
enum { FILES = sizeof files / sizeof *files };

START_TEST(starter_rules_are_valid_and_fit) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_load_options options = {.threads = 1};
  struct eh_problems problems = {0};
  struct eh_error error;
  struct eh_survey *survey;
  char *name = file_of(files[_i].records, strlen(files[_i].records));
  const char *names[] = {name};
  ck_assert_int_eq(eh_survey_files(names, 1, NULL, &options, &survey, &problems, &error), EH_OK);
  struct eh_starter starter = eh_starter_guess(survey);
  const char *text = eh_starter_text(arena, survey, &starter, name);
  for (int k = 0; k < 4 && files[_i].contains[k]; k++)
    ck_assert_msg(strstr(text, files[_i].contains[k]) != NULL, "%s is not in:\n%s",
                  files[_i].contains[k], text);
  struct loaded loaded = load_files(text, names, 1, options);
  ck_assert_msg(loaded.status == EH_OK, "%s\n%s", loaded.error.message, text);
  ck_assert_uint_eq(loaded.account->audited, survey->rows);
  ck_assert_uint_gt(loaded.cells_count, 0);
  unload(&loaded);
  unlink(name);
  free(name);
  eh_survey_free(survey);
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("starter");
  TCase *tcase = tcase_create("starter");
  tcase_add_loop_test(tcase, starter_rules_are_valid_and_fit, 0, FILES);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
