#include "engine/load/database/connection.h"

#include <string.h>

#include "tests/test.h"

/* What stands in reports of each. */
START_TEST(only_what_is_harmless_is_shown) {
  static const char *const cases[][2] = {
      {"warehouse", "warehouse"},
      {"DSN=warehouse", "DSN=warehouse"},
      {"DRIVER={PostgreSQL Unicode};Server=db.example;Port=5432;Database=cases;UID=a@example",
       "DRIVER={PostgreSQL Unicode};Server=db.example;Port=5432;Database=cases;UID=a@example"},
      {"PWD=hunter2;a=hunter2", "PWD=***;a=***"},
      {"Driver=x;PASSWD=hunter2", "Driver=x;PASSWD=***"},
      {"Driver=x; AuthToken = hunter2 ;Port=1", "Driver=x; AuthToken=***;Port=1"},
      {"Auth_AccessToken=hunter2", "Auth_AccessToken=***"},
      {"token=hunter2;Auth_Client_Secret=hunter2", "token=***;Auth_Client_Secret=***"},
      {"PWD1=hunter2;PASSWORD2=hunter2;SSLKEYPASSWD=hunter2", "PWD1=***;PASSWORD2=***;SSLKEYPASSWD=***"},
      {"AccessToken=hunter2;ClientSecret=hunter2", "AccessToken=***;ClientSecret=***"},
      {"Pwd = {hun;hunter2};Port=1", "Pwd=***;Port=1"},
      {"Pwd={hun}};hunter2};Port=1", "Pwd=***;Port=1"},
      {"Pwd={hun};hunter2};Port=1", "Pwd=***;Port=1"},
      {"Pwd={hun;hunter2", "Pwd=***;***"},
      {"pqopt={sslmode=on password=hunter2}", "pqopt=***"},
      {"Database={x?password=hunter2}", "Database=***"},
      {"Database=postgres://me:hunter2@db/x", "Database=***"},
      {"Server={x}hunter2;Port=1", "***;Port=1"},
      {"Server={x;hunter2", "Server={x;***"},
      {"postgres://me:hunter2@db/x", "***"},
      {"postgres://me:hunter2@db/x?ssl=1;Port=1", "***;Port=1"},
      {"hunter2;Port=1", "***;Port=1"},
      {";;PORT=1;;", ";;PORT=1;;"},
      {"", ""},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ck_assert_str_eq(eh_connection_shown(arena, cases[i][0]), cases[i][1]);
  eh_arena_free(arena);
}
END_TEST

START_TEST(values_are_found) {
  static const char string[] = "driver={a}}b};  SERVER = x ;PWD={c;d};port=";
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(eh_connection_value(arena, string, "DRIVER"), "a}}b");
  ck_assert_str_eq(eh_connection_value(arena, string, "Server"), "x ");
  ck_assert_str_eq(eh_connection_value(arena, string, "PWD"), "c;d");
  ck_assert_str_eq(eh_connection_value(arena, string, "Port"), "");
  ck_assert_ptr_null(eh_connection_value(arena, string, "DSN"));
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("connection", only_what_is_harmless_is_shown, values_are_found)
