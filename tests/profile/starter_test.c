/* Starter rules: valid as they stand, and fitting, whatever the headers and values; and right where
 * the names tell. */
#include "reports/starter/starter.h"

#include "tests/load/records.h"

static const struct {
  const char *records;
  const char *contains[7]; /* in the rules */
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
    /* a parole board: semicolons, day before month, decimal commas */
    {"Hearing Ref;Prisoner No;Prison;Panel Chair;Hearing Date;Previous Recalls;RSR Score;Decision\n"
     "PB/000;A0000;HMP North;A. Panel;13/01/2020;0;0,0;Release directed\n"
     "PB/001;A0001;HMP South;B. Panel;14/02/2020;1;1,1;No release\n"
     "PB/002;A0002;HMP East;C. Panel;15/03/2020;2;2,2;Deferred\n"
     "PB/003;A0003;HMP North;D. Panel;16/04/2020;3;3,3;Release directed\n"
     "PB/004;A0004;HMP South;A. Panel;17/05/2020;4;4,4;No release\n"
     "PB/005;A0005;HMP East;B. Panel;18/06/2020;5;5,5;Deferred\n"
     "PB/006;A0006;HMP North;C. Panel;19/07/2020;6;6,6;Release directed\n"
     "PB/007;A0007;HMP South;D. Panel;20/08/2020;N/K;7,7;No release\n"
     "PB/008;A0008;HMP East;A. Panel;21/09/2020;1;8,8;Deferred\n"
     "PB/009;A0009;HMP North;B. Panel;22/01/2020;2;0,9;Release directed\n"
     "PB/010;A0010;HMP South;C. Panel;23/02/2020;3;1,0;No release\n"
     "PB/011;A0011;HMP East;D. Panel;24/03/2020;4;2,1;Deferred\n"
     "PB/012;A0012;HMP North;A. Panel;25/04/2020;5;3,2;Release directed\n"
     "PB/013;A0013;HMP South;B. Panel;26/05/2020;6;4,3;No release\n"
     "PB/014;A0014;HMP East;C. Panel;27/06/2020;0;5,4;Deferred\n"
     "PB/015;A0015;HMP North;D. Panel;13/07/2020;1;6,5;Release directed\n"
     "PB/016;A0016;HMP South;A. Panel;14/08/2020;2;7,6;No release\n"
     "PB/017;A0017;HMP East;B. Panel;15/09/2020;3;8,7;Deferred\n"
     "PB/018;A0018;HMP North;C. Panel;16/01/2020;4;0,8;Release directed\n"
     "PB/019;A0019;HMP South;D. Panel;17/02/2020;5;1,9;No release\n"
     "PB/020;A0020;HMP East;A. Panel;18/03/2020;6;2,0;Deferred\n"
     "PB/021;A0021;HMP North;B. Panel;19/04/2020;0;3,1;Release directed\n"
     "PB/022;A0022;HMP South;C. Panel;20/05/2020;1;4,2;No release\n"
     "PB/023;A0023;HMP East;D. Panel;21/06/2020;2;5,3;Deferred\n"
     "PB/024;A0024;HMP North;A. Panel;22/07/2020;3;6,4;Release directed\n"
     "PB/025;A0025;HMP South;B. Panel;23/08/2020;4;7,5;No release\n"
     "PB/026;A0026;HMP East;C. Panel;24/09/2020;5;8,6;Deferred\n"
     "PB/027;A0027;HMP North;D. Panel;25/01/2020;6;0,7;Release directed\n"
     "PB/028;A0028;HMP South;A. Panel;26/02/2020;0;1,8;No release\n"
     "PB/029;A0029;HMP East;B. Panel;27/03/2020;1;2,9;Deferred\n"
     "PB/030;A0030;HMP North;C. Panel;13/04/2020;2;3,0;Release directed\n"
     "PB/031;A0031;HMP South;D. Panel;14/05/2020;3;4,1;No release\n"
     "PB/032;A0032;HMP East;A. Panel;15/06/2020;4;5,2;Deferred\n"
     "PB/033;A0033;HMP North;B. Panel;16/07/2020;5;6,3;Release directed\n"
     "PB/034;A0034;HMP South;C. Panel;17/08/2020;6;7,4;No release\n"
     "PB/035;A0035;HMP East;D. Panel;18/09/2020;0;8,5;Deferred\n"
     "PB/036;A0036;HMP North;A. Panel;19/01/2020;1;0,6;Release directed\n"
     "PB/037;A0037;HMP South;B. Panel;20/02/2020;2;1,7;No release\n"
     "PB/038;A0038;HMP East;C. Panel;21/03/2020;3;2,8;Deferred\n"
     "PB/039;A0039;HMP North;D. Panel;22/04/2020;4;3,9;Release directed\n",
     {"officer: \"Panel Chair\"", "office: \"Prison\"", "previous_recalls_band: {bands: [",
      "text, for their separators or signs (bands need plain numbers): RSR Score",
      "missing: [\"\", \"N/K\"]", "# not an event: No release; Deferred"}},
    /* bail, as R writes it */
    {"\"\",\"docket_number\",\"defendant_id\",\"arraignment_dt\",\"judge\",\"court_location\",\"n_"
     "prior_fta\",\"bail_type\",\"held\"\n"
     "\"1\",\"CR-000\",\"100\",\"2019-01-11\",\"Judge 0\",\"Court 0\",\"0\",\"ROR\",\"TRUE\"\n"
     "\"2\",\"CR-001\",\"101\",\"2019-02-11\",\"Judge 1\",\"Court 1\",\"1\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"3\",\"CR-002\",\"102\",\"2019-03-11\",\"Judge 2\",\"Court 0\",\"2\",\"remanded\",\"TRUE\"\n"
     "\"4\",\"CR-003\",\"103\",\"2019-04-11\",\"Judge 3\",\"Court 1\",\"3\",\"ROR\",\"FALSE\"\n"
     "\"5\",\"CR-004\",\"104\",\"2019-05-11\",\"Judge 0\",\"Court 0\",\"4\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"6\",\"CR-005\",\"105\",\"2019-06-11\",\"Judge 1\",\"Court "
     "1\",\"5\",\"remanded\",\"FALSE\"\n"
     "\"7\",\"CR-006\",\"106\",\"2019-07-11\",\"Judge 2\",\"Court 0\",\"6\",\"ROR\",\"TRUE\"\n"
     "\"8\",\"CR-007\",\"107\",\"2019-08-11\",\"Judge 3\",\"Court 1\",\"0\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"9\",\"CR-008\",\"108\",\"2019-09-11\",\"Judge 0\",\"Court 0\",\"1\",\"remanded\",\"TRUE\"\n"
     "\"10\",\"CR-009\",\"109\",\"2019-01-11\",\"Judge 1\",\"Court 1\",\"2\",\"ROR\",\"FALSE\"\n"
     "\"11\",\"CR-010\",\"110\",\"2019-02-11\",\"Judge 2\",\"Court 0\",\"3\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"12\",\"CR-011\",\"111\",\"2019-03-11\",\"Judge 3\",\"Court "
     "1\",\"4\",\"remanded\",\"FALSE\"\n"
     "\"13\",\"CR-012\",\"112\",\"2019-04-11\",\"Judge 0\",\"Court 0\",\"5\",\"ROR\",\"TRUE\"\n"
     "\"14\",\"CR-013\",\"113\",\"2019-05-11\",\"Judge 1\",\"Court 1\",\"6\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"15\",\"CR-014\",\"114\",\"2019-06-11\",\"Judge 2\",\"Court "
     "0\",\"0\",\"remanded\",\"TRUE\"\n"
     "\"16\",\"CR-015\",\"115\",\"2019-07-11\",\"Judge 3\",\"Court 1\",\"1\",\"ROR\",\"FALSE\"\n"
     "\"17\",\"CR-016\",\"116\",\"2019-08-11\",\"Judge 0\",\"Court 0\",\"2\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"18\",\"CR-017\",\"117\",\"2019-09-11\",\"Judge 1\",\"Court "
     "1\",\"3\",\"remanded\",\"FALSE\"\n"
     "\"19\",\"CR-018\",\"118\",\"2019-01-11\",\"Judge 2\",\"Court 0\",\"4\",\"ROR\",\"TRUE\"\n"
     "\"20\",\"CR-019\",\"119\",\"2019-02-11\",\"Judge 3\",\"Court 1\",\"5\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"21\",\"CR-020\",\"120\",\"2019-03-11\",\"Judge 0\",\"Court "
     "0\",\"6\",\"remanded\",\"TRUE\"\n"
     "\"22\",\"CR-021\",\"121\",\"2019-04-11\",\"Judge 1\",\"Court 1\",\"0\",\"ROR\",\"FALSE\"\n"
     "\"23\",\"CR-022\",\"122\",\"2019-05-11\",\"Judge 2\",\"Court 0\",\"1\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"24\",\"CR-023\",\"123\",\"2019-06-11\",\"Judge 3\",\"Court "
     "1\",\"2\",\"remanded\",\"FALSE\"\n"
     "\"25\",\"CR-024\",\"124\",\"2019-07-11\",\"Judge 0\",\"Court 0\",\"3\",\"ROR\",\"TRUE\"\n"
     "\"26\",\"CR-025\",\"125\",\"2019-08-11\",\"Judge 1\",\"Court 1\",\"4\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"27\",\"CR-026\",\"126\",\"2019-09-11\",\"Judge 2\",\"Court "
     "0\",\"5\",\"remanded\",\"TRUE\"\n"
     "\"28\",\"CR-027\",\"127\",\"2019-01-11\",\"Judge 3\",\"Court 1\",\"6\",\"ROR\",\"FALSE\"\n"
     "\"29\",\"CR-028\",\"128\",\"2019-02-11\",\"Judge 0\",\"Court 0\",\"0\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"30\",\"CR-029\",\"129\",\"2019-03-11\",\"Judge 1\",\"Court "
     "1\",\"1\",\"remanded\",\"FALSE\"\n"
     "\"31\",\"CR-030\",\"130\",\"2019-04-11\",\"Judge 2\",\"Court 0\",\"2\",\"ROR\",\"TRUE\"\n"
     "\"32\",\"CR-031\",\"131\",\"2019-05-11\",\"Judge 3\",\"Court 1\",\"3\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"33\",\"CR-032\",\"132\",\"2019-06-11\",\"Judge 0\",\"Court "
     "0\",\"4\",\"remanded\",\"TRUE\"\n"
     "\"34\",\"CR-033\",\"133\",\"2019-07-11\",\"Judge 1\",\"Court 1\",\"5\",\"ROR\",\"FALSE\"\n"
     "\"35\",\"CR-034\",\"134\",\"2019-08-11\",\"Judge 2\",\"Court 0\",\"6\",\"cash "
     "bail\",\"TRUE\"\n"
     "\"36\",\"CR-035\",\"135\",\"2019-09-11\",\"Judge 3\",\"Court "
     "1\",\"0\",\"remanded\",\"FALSE\"\n"
     "\"37\",\"CR-036\",\"136\",\"2019-01-11\",\"Judge 0\",\"Court 0\",\"1\",\"ROR\",\"TRUE\"\n"
     "\"38\",\"CR-037\",\"137\",\"2019-02-11\",\"Judge 1\",\"Court 1\",\"2\",\"cash "
     "bail\",\"FALSE\"\n"
     "\"39\",\"CR-038\",\"138\",\"2019-03-11\",\"Judge 2\",\"Court "
     "0\",\"3\",\"remanded\",\"TRUE\"\n"
     "\"40\",\"CR-039\",\"139\",\"2019-04-11\",\"Judge 3\",\"Court 1\",\"4\",\"ROR\",\"FALSE\"\n",
     {"officer: \"judge\"", "# not an event: cash bail; remanded", "n_prior_fta_band"}},
    /* claims: tabs, thousands separators */
    {"Claim Ref\tClaimant No\tLocal Office\tDecision Maker\tDecided\tMonthly "
     "Income\tChildren\tResult\n"
     "C/000\t4000\tOffice 0\tGro\xc3"
     "\x9f"
     " 0\t01.03.2021\t1,100.50\t0\tawarded\n"
     "C/001\t4001\tOffice 1\tGro\xc3"
     "\x9f"
     " 1\t02.03.2021\t2,101.50\t1\tdisallowed\n"
     "C/002\t4002\tOffice 2\tGro\xc3"
     "\x9f"
     " 2\t03.03.2021\t3,102.50\t2\tawarded\n"
     "C/003\t4003\tOffice 0\tGro\xc3"
     "\x9f"
     " 3\t04.03.2021\t1,103.50\t0\tdisallowed\n"
     "C/004\t4004\tOffice 1\tGro\xc3"
     "\x9f"
     " 4\t05.03.2021\t2,104.50\t1\tawarded\n"
     "C/005\t4005\tOffice 2\tGro\xc3"
     "\x9f"
     " 0\t06.03.2021\t3,105.50\t2\tdisallowed\n"
     "C/006\t4006\tOffice 0\tGro\xc3"
     "\x9f"
     " 1\t07.03.2021\t1,106.50\t0\tawarded\n"
     "C/007\t4007\tOffice 1\tGro\xc3"
     "\x9f"
     " 2\t08.03.2021\t2,107.50\t1\tdisallowed\n"
     "C/008\t4008\tOffice 2\tGro\xc3"
     "\x9f"
     " 3\t09.03.2021\t3,108.50\t2\tawarded\n"
     "C/009\t4009\tOffice 0\tGro\xc3"
     "\x9f"
     " 4\t10.03.2021\t1,109.50\t0\tdisallowed\n"
     "C/010\t4010\tOffice 1\tGro\xc3"
     "\x9f"
     " 0\t11.03.2021\t2,110.50\t1\tawarded\n"
     "C/011\t4011\tOffice 2\tGro\xc3"
     "\x9f"
     " 1\t12.03.2021\t3,111.50\t2\tdisallowed\n"
     "C/012\t4012\tOffice 0\tGro\xc3"
     "\x9f"
     " 2\t13.03.2021\t1,112.50\t0\tawarded\n"
     "C/013\t4013\tOffice 1\tGro\xc3"
     "\x9f"
     " 3\t14.03.2021\t2,113.50\t1\tdisallowed\n"
     "C/014\t4014\tOffice 2\tGro\xc3"
     "\x9f"
     " 4\t15.03.2021\t3,114.50\t2\tawarded\n"
     "C/015\t4015\tOffice 0\tGro\xc3"
     "\x9f"
     " 0\t16.03.2021\t1,115.50\t0\tdisallowed\n"
     "C/016\t4016\tOffice 1\tGro\xc3"
     "\x9f"
     " 1\t17.03.2021\t2,116.50\t1\tawarded\n"
     "C/017\t4017\tOffice 2\tGro\xc3"
     "\x9f"
     " 2\t18.03.2021\t3,117.50\t2\tdisallowed\n"
     "C/018\t4018\tOffice 0\tGro\xc3"
     "\x9f"
     " 3\t19.03.2021\t1,118.50\t0\tawarded\n"
     "C/019\t4019\tOffice 1\tGro\xc3"
     "\x9f"
     " 4\t20.03.2021\t2,119.50\t1\tdisallowed\n"
     "C/020\t4020\tOffice 2\tGro\xc3"
     "\x9f"
     " 0\t21.03.2021\t3,120.50\t2\tawarded\n"
     "C/021\t4021\tOffice 0\tGro\xc3"
     "\x9f"
     " 1\t22.03.2021\t1,121.50\t0\tdisallowed\n"
     "C/022\t4022\tOffice 1\tGro\xc3"
     "\x9f"
     " 2\t23.03.2021\t2,122.50\t1\tawarded\n"
     "C/023\t4023\tOffice 2\tGro\xc3"
     "\x9f"
     " 3\t24.03.2021\t3,123.50\t2\tdisallowed\n"
     "C/024\t4024\tOffice 0\tGro\xc3"
     "\x9f"
     " 4\t25.03.2021\t1,124.50\t0\tawarded\n"
     "C/025\t4025\tOffice 1\tGro\xc3"
     "\x9f"
     " 0\t26.03.2021\t2,125.50\t1\tdisallowed\n"
     "C/026\t4026\tOffice 2\tGro\xc3"
     "\x9f"
     " 1\t27.03.2021\t3,126.50\t2\tawarded\n"
     "C/027\t4027\tOffice 0\tGro\xc3"
     "\x9f"
     " 2\t28.03.2021\t1,127.50\t0\tdisallowed\n"
     "C/028\t4028\tOffice 1\tGro\xc3"
     "\x9f"
     " 3\t01.03.2021\t2,128.50\t1\tawarded\n"
     "C/029\t4029\tOffice 2\tGro\xc3"
     "\x9f"
     " 4\t02.03.2021\t3,129.50\t2\tdisallowed\n"
     "C/030\t4030\tOffice 0\tGro\xc3"
     "\x9f"
     " 0\t03.03.2021\t1,130.50\t0\tawarded\n"
     "C/031\t4031\tOffice 1\tGro\xc3"
     "\x9f"
     " 1\t04.03.2021\t2,131.50\t1\tdisallowed\n"
     "C/032\t4032\tOffice 2\tGro\xc3"
     "\x9f"
     " 2\t05.03.2021\t3,132.50\t2\tawarded\n"
     "C/033\t4033\tOffice 0\tGro\xc3"
     "\x9f"
     " 3\t06.03.2021\t1,133.50\t0\tdisallowed\n"
     "C/034\t4034\tOffice 1\tGro\xc3"
     "\x9f"
     " 4\t07.03.2021\t2,134.50\t1\tawarded\n"
     "C/035\t4035\tOffice 2\tGro\xc3"
     "\x9f"
     " 0\t08.03.2021\t3,135.50\t2\tdisallowed\n"
     "C/036\t4036\tOffice 0\tGro\xc3"
     "\x9f"
     " 1\t09.03.2021\t1,136.50\t0\tawarded\n"
     "C/037\t4037\tOffice 1\tGro\xc3"
     "\x9f"
     " 2\t10.03.2021\t2,137.50\t1\tdisallowed\n"
     "C/038\t4038\tOffice 2\tGro\xc3"
     "\x9f"
     " 3\t11.03.2021\t3,138.50\t2\tawarded\n"
     "C/039\t4039\tOffice 0\tGro\xc3"
     "\x9f"
     " 4\t12.03.2021\t1,139.50\t0\tdisallowed\n",
     {"person: \"Claimant No\"", "officer: \"Decision Maker\"", "office: \"Local Office\"",
      "'awarded'", "separators or signs (bands need plain numbers): Monthly Income"}},
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
  for (int k = 0; k < 7 && files[_i].contains[k]; k++)
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

/* What is guessed of a column, or why nothing is. */
static struct eh_survey *surveyed(const char *text) {
  struct eh_load_options options = {.threads = 1};
  struct eh_problems problems = {0};
  struct eh_error error;
  struct eh_survey *survey;
  char *name = file_of(text, strlen(text));
  const char *names[] = {name};
  ck_assert_int_eq(eh_survey_files(names, 1, NULL, &options, &survey, &problems, &error), EH_OK);
  unlink(name);
  free(name);
  return survey;
}

/* Ten records whose columns after the first have these headers, and values in turn. */
static struct eh_survey *ten_records(const char *headers, const char *const *values, size_t count) {
  struct eh_buffer text = {0};
  eh_buffer_printf(&text, "case id,%s\n", headers);
  for (size_t i = 0; i < 10; i++) eh_buffer_printf(&text, "%zu,%s\n", i, values[i % count]);
  struct eh_survey *survey = surveyed(text.text);
  eh_buffer_free(&text);
  return survey;
}

START_TEST(nobody_is_guessed_from_nothing) {
  static const char *const values[] = {"x,0", "y,1", "z,0"};
  struct eh_survey *survey = ten_records("b,c", values, 3);
  struct eh_starter starter = eh_starter_guess(survey);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICE], -1);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICER], -1);
  eh_survey_free(survey);
}
END_TEST

/* How many there are of something is no office and no officer. */
START_TEST(counts_are_no_units) {
  static const char *const values[] = {"0,4,yes", "1,5,no", "2,4,no"};
  struct eh_survey *survey = ten_records("unit,num_agents,granted", values, 3);
  struct eh_starter starter = eh_starter_guess(survey);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICE], -1);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICER], -1);
  eh_survey_free(survey);
}
END_TEST

/* Headers of six languages: office, officer, outcome, and what the case was like. */
START_TEST(headers_of_other_languages) {
  static const char *const headers[] = {"Oficina,Funcionario,Resoluci\xC3\xB3n,Gravedad",
                                        "Au\xC3\x9F"
                                        "enstelle,Entscheider,Entscheidung,Schwere",
                                        "Bureau,Agent,R\xC3\xA9sultat,Gravit\xC3\xA9",
                                        "Kantoor,Ambtenaar,Besluit,Ernst",
                                        "Escrit\xC3\xB3rio,Funcion\xC3\xA1rio,Resultado,Gravidade",
                                        "Field Office,INSPECTOR,Decision,Severity"};
  static const char *const values[] = {"N,A,yes,low", "S,B,no,high", "N,C,no,low", "S,D,yes,low"};
  struct eh_survey *survey = ten_records(headers[_i], values, 4);
  struct eh_starter starter = eh_starter_guess(survey);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICE], 1);
  ck_assert_int_eq(starter.roles[EH_ROLE_OFFICER], 2);
  ck_assert_int_eq(starter.outcomes[0], 3);
  ck_assert_uint_eq(starter.factor_count, 1);
  ck_assert_int_eq(starter.factors[0], 4);
  eh_survey_free(survey);
}
END_TEST

/* What describes the officer is no factor, and its day of appointment no date of a decision. */
START_TEST(what_describes_the_officer_is_no_factor) {
  static const char *const values[] = {"N,A,F,1990,3,2001-01-01,Y", "S,B,M,1980,9,2002-02-02,N",
                                       "N,C,M,1970,3,2003-03-03,N"};
  struct eh_survey *survey = ten_records(
      "office,officer,Officer Gender,Officer_YOB,Years of Service,Date Hired,granted", values, 3);
  struct eh_starter starter = eh_starter_guess(survey);
  ck_assert_uint_eq(starter.factor_count, 0);
  ck_assert_int_eq(starter.roles[EH_ROLE_DATE], -1);
  eh_survey_free(survey);
}
END_TEST

/* 1 and 2 are codes; 1 and 0 are yes and no; X and blank a box. */
START_TEST(codes_and_boxes) {
  static const struct {
    const char *values[2], *says;
  } cases[] = {{{"N,A,1", "S,B,2"}, "codes, whose meaning only their code book tells: choose"},
               {{"N,A,1", "S,B,0"}, "its values: yes or no"},
               {{"N,A,X", "S,B,"}, "event: released is not missing"},
               {{"N,A,1", "S,B,"}, "event: released is not missing"}};
  struct eh_arena *arena = eh_arena_new();
  struct eh_survey *survey = ten_records("office,officer,released", cases[_i].values, 2);
  struct eh_starter starter = eh_starter_guess(survey);
  ck_assert_uint_eq(starter.outcome_count, 1);
  const char *text = eh_starter_text(arena, survey, &starter, "records.csv");
  ck_assert_msg(strstr(text, cases[_i].says) != NULL, "%s", text);
  eh_survey_free(survey);
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("starter");
  tcase_add_loop_test(tcase, starter_rules_are_valid_and_fit, 0, FILES);
  tcase_add_test(tcase, nobody_is_guessed_from_nothing);
  tcase_add_test(tcase, counts_are_no_units);
  tcase_add_loop_test(tcase, headers_of_other_languages, 0, 6);
  tcase_add_test(tcase, what_describes_the_officer_is_no_factor);
  tcase_add_loop_test(tcase, codes_and_boxes, 0, 4);
  return run_case("starter", tcase);
}
