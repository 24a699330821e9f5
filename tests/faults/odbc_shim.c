/* Makes the Nth call of one ODBC function fail as when a server dies: LD_PRELOAD this, with
 * FAULT_CALL the function's name, FAULT_AT the number of the call (from 1) and FAULT_REPORT a file
 * that is created when that call was reached; FAULT_STATE is the SQLSTATE that it fails with (08S01
 * unless given). With FAULT_COMMAND that command is run before the call instead, which then goes
 * its own way: it may end the server's session. With FAULT_AT 0 nothing fails, and FAULT_REPORT is
 * written at the end: each function's name and how often it was called. */
#include <dlfcn.h>
#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS = 10 };
static const char *const names[CALLS] = {
    "SQLAllocHandle",  "SQLDriverConnect", "SQLExecDirect", "SQLNumResultCols", "SQLDescribeCol",
    "SQLColAttribute", "SQLFetch",         "SQLGetData",    "SQLEndTran",       "SQLGetInfo"};
enum { ALLOC, CONNECT, EXEC, COLUMNS, DESCRIBE, ATTRIBUTE, FETCH, DATA, END, INFO };
static long called[CALLS];
static bool is_broken;

static long fault_at(void) {
  const char *at = getenv("FAULT_AT");
  return at ? atol(at) : 0;
}

static void report(void) {
  FILE *file = fopen(getenv("FAULT_REPORT"), "w");
  if (!file) return;
  for (int i = 0; i < CALLS; i++) fprintf(file, "%s %ld\n", names[i], called[i]);
  fclose(file);
}

__attribute__((destructor)) static void count(void) {
  if (getenv("FAULT_REPORT") && fault_at() == 0) report();
}

static bool fails(int call) {
  const char *wanted = getenv("FAULT_CALL"), *command = getenv("FAULT_COMMAND");
  called[call]++;
  if (!wanted || strcmp(wanted, names[call]) != 0 || called[call] != fault_at()) return false;
  report();
  unsetenv("LD_PRELOAD"); /* for what the command runs */
  if (command && system(command) != 0) abort();
  is_broken = !command;
  return is_broken;
}

#define FIND(name)               \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE of, SQLHANDLE *handle) {
  FIND(SQLAllocHandle);
  return fails(ALLOC) ? SQL_ERROR : real(type, of, handle);
}
SQLRETURN SQL_API SQLDriverConnect(SQLHDBC c, SQLHWND w, SQLCHAR *in, SQLSMALLINT length,
                                   SQLCHAR *out, SQLSMALLINT room, SQLSMALLINT *size,
                                   SQLUSMALLINT completion) {
  FIND(SQLDriverConnect);
  return fails(CONNECT) ? SQL_ERROR : real(c, w, in, length, out, room, size, completion);
}
SQLRETURN SQL_API SQLExecDirect(SQLHSTMT s, SQLCHAR *text, SQLINTEGER length) {
  FIND(SQLExecDirect);
  return fails(EXEC) ? SQL_ERROR : real(s, text, length);
}
SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT s, SQLWCHAR *text, SQLINTEGER length) {
  FIND(SQLExecDirectW);
  return fails(EXEC) ? SQL_ERROR : real(s, text, length);
}
SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT s, SQLSMALLINT *columns) {
  FIND(SQLNumResultCols);
  return fails(COLUMNS) ? SQL_ERROR : real(s, columns);
}
SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT s, SQLUSMALLINT n, SQLCHAR *name, SQLSMALLINT room,
                                 SQLSMALLINT *length, SQLSMALLINT *type, SQLULEN *size,
                                 SQLSMALLINT *digits, SQLSMALLINT *nullable) {
  FIND(SQLDescribeCol);
  return fails(DESCRIBE) ? SQL_ERROR : real(s, n, name, room, length, type, size, digits, nullable);
}
SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT s, SQLUSMALLINT n, SQLWCHAR *name, SQLSMALLINT room,
                                  SQLSMALLINT *length, SQLSMALLINT *type, SQLULEN *size,
                                  SQLSMALLINT *digits, SQLSMALLINT *nullable) {
  FIND(SQLDescribeColW);
  return fails(DESCRIBE) ? SQL_ERROR : real(s, n, name, room, length, type, size, digits, nullable);
}
SQLRETURN SQL_API SQLColAttribute(SQLHSTMT s, SQLUSMALLINT n, SQLUSMALLINT field, SQLPOINTER text,
                                  SQLSMALLINT room, SQLSMALLINT *length, SQLLEN *number) {
  FIND(SQLColAttribute);
  return fails(ATTRIBUTE) ? SQL_ERROR : real(s, n, field, text, room, length, number);
}
SQLRETURN SQL_API SQLFetch(SQLHSTMT s) {
  FIND(SQLFetch);
  return fails(FETCH) ? SQL_ERROR : real(s);
}
SQLRETURN SQL_API SQLGetData(SQLHSTMT s, SQLUSMALLINT n, SQLSMALLINT type, SQLPOINTER value,
                             SQLLEN room, SQLLEN *size) {
  FIND(SQLGetData);
  return fails(DATA) ? SQL_ERROR : real(s, n, type, value, room, size);
}
SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion) {
  FIND(SQLEndTran);
  return fails(END) ? SQL_ERROR : real(type, handle, completion);
}
SQLRETURN SQL_API SQLGetInfo(SQLHDBC c, SQLUSMALLINT what, SQLPOINTER value, SQLSMALLINT room,
                             SQLSMALLINT *length) {
  FIND(SQLGetInfo);
  return fails(INFO) ? SQL_ERROR : real(c, what, value, room, length);
}

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT n, SQLCHAR *state,
                                SQLINTEGER *native, SQLCHAR *message, SQLSMALLINT room,
                                SQLSMALLINT *length) {
  FIND(SQLGetDiagRec);
  if (!is_broken) return real(type, handle, n, state, native, message, room, length);
  *native = 0;
  const char *wanted = getenv("FAULT_STATE");
  memcpy(state, wanted && strlen(wanted) == 5 ? wanted : "08S01", 6);
  *length = (SQLSMALLINT)snprintf((char *)message, (size_t)room, "[a driver]the server is\ngone ");
  return SQL_SUCCESS;
}
