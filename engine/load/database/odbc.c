#include "engine/load/database/odbc.h"

#include <sql.h>
#include <sqlext.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "engine/load/database/connection.h"
#include "engine/load/text/encoding.h"

_Static_assert(sizeof(SQLWCHAR) == sizeof(uint16_t), "unixODBC's wide characters are UTF-16");

enum { LOGIN_SECONDS = 20, PIECE = 1024 };

struct eh_odbc {
  SQLHENV environment;
  SQLHDBC handle;
  SQLHSTMT statement;
  bool is_connected;
  bool is_narrow; /* the driver takes and gives UTF-8, and unixODBC would spoil what it converts */
  bool gives_bytes; /* statements are wide, fields are read as bytes */
  struct eh_arena *arena;
  const char *name;     /* for messages: never the whole connection string */
  const char **secrets; /* to keep out of messages */
  size_t secret_count;
  const char *server, *version;
  size_t column_count;
  bool *is_bytes;       /* numbers too, where some drivers take long to make them wide */
  struct eh_buffer row; /* the fields' texts, each NUL-terminated */
  size_t read_count;    /* fields of the row that have been read */
  size_t *starts;       /* in row; SIZE_MAX: null */
  const char **fields;
  bool is_spoiled; /* the field at hand is no text as it came */
  size_t spoiled;  /* the first such field of the row; SIZE_MAX: none */
};

/* --- what went wrong --- */

struct diagnosis {
  char state[6];
  char message[SQL_MAX_MESSAGE_LENGTH + 1];
};

static struct diagnosis diagnose(SQLSMALLINT type, SQLHANDLE handle) {
  struct diagnosis d = {"", "the driver gives no reason"};
  SQLCHAR state[6] = "", message[SQL_MAX_MESSAGE_LENGTH + 1] = "";
  SQLINTEGER native;
  SQLSMALLINT length;
  if (!SQL_SUCCEEDED(
          SQLGetDiagRec(type, handle, 1, state, &native, message, sizeof message, &length)))
    return d;
  memcpy(d.state, state, sizeof d.state);
  memcpy(d.message, message, sizeof d.message);
  return d;
}

static void hide(char *message, const char *secret) {
  size_t length = strlen(secret);
  for (char *s = message; length && (s = strstr(s, secret)); s += length) memset(s, '*', length);
}

/* The message on one line, without the [vendor][driver] prefixes and what is secret. */
static const char *tidy(const struct eh_odbc *c, struct diagnosis *d) {
  char *message = d->message;
  while (*message == '[' && strchr(message, ']')) message = strchr(message, ']') + 1;
  while (*message == ' ') message++;
  for (char *s = message; *s; s++)
    if ((unsigned char)*s < ' ') *s = ' ';
  for (size_t i = 0; i < c->secret_count; i++) hide(message, c->secrets[i]);
  for (size_t n = strlen(message); n && message[n - 1] == ' ';) message[--n] = '\0';
  return message;
}

static bool begins(const char *state, const char *class) {
  return strncmp(state, class, strlen(class)) == 0;
}

static bool is_lost(const struct diagnosis *d) {
  return begins(d->state, "08") || begins(d->state, "57P") || begins(d->state, "HYT") ||
         strstr(d->message, "server closed the connection") ||
         strstr(d->message, "has gone away") || strstr(d->message, "Broken pipe") ||
         strstr(d->message, "Connection reset") || strstr(d->message, "Lost connection") ||
         strstr(d->message, "terminating connection");
}

static enum eh_status fail_statement(const struct eh_odbc *c, struct eh_error *error) {
  struct diagnosis d = diagnose(SQL_HANDLE_STMT, c->statement);
  const char *message = tidy(c, &d);
  if (is_lost(&d))
    return eh_fail_at(error, EH_MACHINE, c->name, 0, 0,
                      "the connection broke before the answer was complete (%.300s); nothing was "
                      "written: run it again",
                      message);
  if (begins(d.state, "42S02") || begins(d.state, "42P01") || strstr(message, "no such table"))
    return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                      "the table is not there, or hidden from this user (%.300s)", message);
  if (begins(d.state, "22")) /* data exceptions: the message would quote the value */
    return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                      "the database cannot read a value as the statement asks (SQLSTATE %s); its "
                      "own log says which, or audit the records as a file",
                      d.state);
  return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0, "the database refused: %.700s", message);
}

static enum eh_status fail_connect(const struct eh_odbc *c, bool *refused, struct eh_error *error) {
  struct diagnosis d = diagnose(SQL_HANDLE_DBC, c->handle);
  const char *message = tidy(c, &d);
  if (begins(d.state, "IM002") || begins(d.state, "IM003") || strstr(message, "open lib"))
    return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                      "no such data source, or its driver is not installed (%.300s); `odbcinst -q "
                      "-d` lists the drivers, "
                      "`odbcinst -q -s` the sources",
                      message);
  *refused = begins(d.state, "28") || strstr(message, "password") ||
             strstr(message, "authentication") || strstr(message, "Access denied");
  if (*refused)
    return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                      "the server refused the user or the password (%.300s); set "
                      "EVENHAND_PASSWORD, or put it into the data source",
                      message);
  return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0, "cannot connect: %.700s", message);
}

/* --- connecting --- */

/* What messages call the connection: its source, or its driver and database. */
static const char *name_of(struct eh_arena *arena, const char *target) {
  if (!strchr(target, '=')) return eh_connection_shown(arena, target);
  static const char *const keys[] = {"DSN", "DATABASE", "SERVER", "SERVERNAME", "DRIVER"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    struct eh_connection_part part;
    for (const char *next = target; eh_connection_part(&next, &part);)
      if (part.key_length == strlen(keys[i]) &&
          strncasecmp(part.key, keys[i], part.key_length) == 0 && eh_connection_is_shown(&part))
        return eh_arena_copy(arena, part.value, part.value_length);
  }
  return "the database";
}

static void keep_secret(struct eh_odbc *c, const char *text, size_t length) {
  enum { SHORTEST = 3 }; /* `Yes` in a message says nothing, `1` even less */
  if (length < SHORTEST) return;
  c->secrets = eh_resize((void *)c->secrets, c->secret_count + 1, sizeof *c->secrets);
  c->secrets[c->secret_count++] = eh_arena_copy(c->arena, text, length);
}

/* The values of a connection string that no message may repeat. */
static void keep_secrets(struct eh_odbc *c, const char *string) {
  struct eh_connection_part part;
  for (const char *next = string; eh_connection_part(&next, &part);)
    if (part.key_length && !eh_connection_is_shown(&part))
      keep_secret(c, part.value, part.value_length);
}

/* Braces keep a password with semicolons in one piece. */
static char *connection_string(struct eh_odbc *c, const char *target, const char *password) {
  struct eh_buffer out = {0};
  if (strchr(target, '='))
    eh_buffer_puts(&out, target);
  else
    eh_buffer_printf(&out, "DSN=%s", target);
  const char *driver = eh_connection_value(c->arena, out.text, "DRIVER");
  if (driver && strcasestr(driver, "sqlite")) /* or a wrong name would become an empty database */
    eh_buffer_puts(&out, ";NoCreat=Yes");
  const char *own = eh_connection_value(c->arena, out.text, "PWD");
  if (!own) own = eh_connection_value(c->arena, out.text, "PASSWORD");
  keep_secrets(c, target);
  if (!own && password) keep_secret(c, password, strlen(password));
  if (!own && password) {
    if (out.text[out.length - 1] != ';') eh_buffer_puts(&out, ";");
    bool plain = !password[strcspn(password, ";{}=")];
    eh_buffer_puts(&out, plain ? "PWD=" : "PWD={");
    for (const char *s = password; *s; s++)
      eh_buffer_add(&out, *s == '}' ? "}}" : s, *s == '}' ? 2 : 1);
    if (!plain) eh_buffer_puts(&out, "}");
  }
  return out.text;
}

static void ask_server(struct eh_odbc *c) {
  char name[256] = "", version[256] = "";
  SQLSMALLINT length;
  SQLGetInfo(c->handle, SQL_DBMS_NAME, name, sizeof name, &length);
  SQLGetInfo(c->handle, SQL_DBMS_VER, version, sizeof version, &length);
  c->server = eh_arena_string(c->arena, name);
  c->version = eh_arena_printf(c->arena, "%s %s", name, version);
  c->is_narrow = strcmp(name, "SQLite") == 0;
}

/* The strictest of the common levels that the server offers from repeatable read on; few have none.
 */
static void ask_for_one_view(struct eh_odbc *c) {
  SQLUINTEGER offered = 0;
  SQLSMALLINT length;
  SQLGetInfo(c->handle, SQL_TXN_ISOLATION_OPTION, &offered, sizeof offered, &length);
  SQLUINTEGER wanted =
      offered & SQL_TXN_REPEATABLE_READ ? SQL_TXN_REPEATABLE_READ : offered & SQL_TXN_SERIALIZABLE;
  SQLSetConnectAttr(c->handle, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)(uintptr_t)SQL_AUTOCOMMIT_OFF,
                    SQL_IS_UINTEGER);
  if (wanted)
    SQLSetConnectAttr(c->handle, SQL_ATTR_TXN_ISOLATION, (SQLPOINTER)(uintptr_t)wanted,
                      SQL_IS_UINTEGER);
}

static enum eh_status open_handles(struct eh_odbc *c, struct eh_error *error) {
  if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &c->environment)) &&
      SQL_SUCCEEDED(SQLSetEnvAttr(c->environment, SQL_ATTR_ODBC_VERSION,
                                  (SQLPOINTER)(uintptr_t)SQL_OV_ODBC3, 0)) &&
      SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, c->environment, &c->handle)))
    return EH_OK;
  return eh_fail(error, EH_MACHINE, "unixODBC cannot be started");
}

static enum eh_status connect_to(struct eh_odbc *c, const char *target, const char *password,
                                 bool *refused, struct eh_error *error) {
  EH_TRY(open_handles(c, error));
  SQLSetConnectAttr(c->handle, SQL_ATTR_LOGIN_TIMEOUT, (SQLPOINTER)(uintptr_t)LOGIN_SECONDS,
                    SQL_IS_UINTEGER);
  SQLSetConnectAttr(c->handle, SQL_ATTR_ACCESS_MODE, (SQLPOINTER)(uintptr_t)SQL_MODE_READ_ONLY,
                    SQL_IS_UINTEGER);
  char *string = connection_string(c, target, password);
  SQLRETURN result = SQLDriverConnect(c->handle, NULL, (SQLCHAR *)string, SQL_NTS, NULL, 0, NULL,
                                      SQL_DRIVER_NOPROMPT);
  explicit_bzero(string, strlen(string));
  free(string);
  if (!SQL_SUCCEEDED(result)) return fail_connect(c, refused, error);
  c->is_connected = true;
  ask_server(c);
  ask_for_one_view(c);
  if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, c->handle, &c->statement))) {
    SQLSetStmtAttr(c->statement, SQL_ATTR_NOSCAN, (SQLPOINTER)(uintptr_t)SQL_NOSCAN_ON,
                   SQL_IS_UINTEGER);
    return EH_OK;
  }
  return eh_fail_at(error, EH_MACHINE, c->name, 0, 0, "the driver cannot take a statement");
}

/* The driver of MariaDB takes letters whose codes end in D8 to DB (U with circumflex, O with
   stroke) for half of a pair, and cuts a wide text short by one for each. Its bytes are whole; in
   UTF-8, unless the connection asks for another character set. */
static enum eh_status choose_bytes(struct eh_odbc *c, struct eh_error *error) {
  static const char letters[] = "\xC3\x9B\xC3\x98\xE2\x82\xAC\xF0\x9F\x98\x80";
  char driver[64] = "";
  SQLSMALLINT length;
  const char *const *fields = NULL;
  SQLGetInfo(c->handle, SQL_DRIVER_NAME, driver, sizeof driver, &length);
  if (!strstr(driver, "maodbc")) return EH_OK;
  c->gives_bytes = true;
  enum eh_status status = eh_odbc_ask(c, eh_arena_printf(c->arena, "SELECT '%s'", letters), error);
  if (status == EH_OK) status = eh_odbc_row(c, &fields, error);
  bool is_utf8 = fields && fields[0] && strcmp(fields[0], letters) == 0;
  eh_odbc_done(c);
  if (is_utf8 || status == EH_MACHINE) return status;
  return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                    "the connection's character set is not UTF-8: set CHARSET=utf8mb4 in it, or in "
                    "the data source");
}

enum eh_status eh_odbc_connect(struct eh_odbc **connection, const char *target,
                               const char *password, bool *refused, struct eh_error *error) {
  struct eh_odbc *c = eh_alloc_zeroed(1, sizeof *c);
  c->arena = eh_arena_new();
  c->name = name_of(c->arena, target);
  *refused = false;
  enum eh_status status = connect_to(c, target, password, refused, error);
  if (status == EH_OK) status = choose_bytes(c, error);
  if (status != EH_OK) {
    eh_odbc_close(c);
    c = NULL;
  }
  *connection = c;
  return status;
}

void eh_odbc_close(struct eh_odbc *c) {
  if (!c) return;
  if (c->statement) SQLFreeHandle(SQL_HANDLE_STMT, c->statement);
  if (c->is_connected) {
    SQLEndTran(SQL_HANDLE_DBC, c->handle, SQL_ROLLBACK);
    SQLDisconnect(c->handle);
  }
  if (c->handle) SQLFreeHandle(SQL_HANDLE_DBC, c->handle);
  if (c->environment) SQLFreeHandle(SQL_HANDLE_ENV, c->environment);
  eh_buffer_free(&c->row);
  free(c->is_bytes);
  free(c->starts);
  free((void *)c->fields);
  free((void *)c->secrets);
  eh_arena_free(c->arena);
  free(c);
}

const char *eh_odbc_name(const struct eh_odbc *c) { return c->name; }
const char *eh_odbc_server(const struct eh_odbc *c) { return c->server; }
const char *eh_odbc_version(const struct eh_odbc *c) { return c->version; }

/* --- statements --- */

static enum eh_odbc_kind kind_of(SQLSMALLINT type) {
  switch (type) {
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIMESTAMP:
    case SQL_DATE:
    case SQL_TIMESTAMP:
      return EH_ODBC_DATE;
    case SQL_NUMERIC:
    case SQL_DECIMAL:
    case SQL_INTEGER:
    case SQL_SMALLINT:
    case SQL_TINYINT:
    case SQL_BIGINT:
    case SQL_FLOAT:
    case SQL_REAL:
    case SQL_DOUBLE:
      return EH_ODBC_NUMBER;
    default:
      return EH_ODBC_OTHER;
  }
}

static bool is_number_column(const struct eh_odbc *c, size_t column) {
  SQLLEN type = SQL_UNKNOWN_TYPE;
  SQLRETURN result = SQLColAttribute(c->statement, (SQLUSMALLINT)(column + 1),
                                     SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &type);
  return SQL_SUCCEEDED(result) && kind_of((SQLSMALLINT)type) == EH_ODBC_NUMBER;
}

/* Its end is marked, not counted: a driver that counts letters wrongly reads on beyond it. */
static SQLRETURN execute_wide(struct eh_odbc *c, const char *statement) {
  size_t length = 0;
  uint16_t *wide = u8_to_u16((const uint8_t *)statement, strlen(statement) + 1, NULL, &length);
  SQLRETURN result = SQL_ERROR;
  if (wide && length <= INT32_MAX) result = SQLExecDirectW(c->statement, wide, SQL_NTS);
  free(wide);
  return result;
}

static enum eh_status execute(struct eh_odbc *c, const char *statement, struct eh_error *error) {
  if (u8_check((const uint8_t *)statement, strlen(statement)))
    return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0, "the statement is not text in UTF-8");
  SQLRETURN result = c->is_narrow
                         ? SQLExecDirect(c->statement, (SQLCHAR *)(uintptr_t)statement, SQL_NTS)
                         : execute_wide(c, statement);
  if (SQL_SUCCEEDED(result) || result == SQL_NO_DATA) return EH_OK;
  return fail_statement(c, error);
}

void eh_odbc_done(struct eh_odbc *c) { SQLFreeStmt(c->statement, SQL_CLOSE); }

enum eh_status eh_odbc_run(struct eh_odbc *c, const char *statement, struct eh_error *error) {
  enum eh_status status = execute(c, statement, error);
  eh_odbc_done(c);
  return status;
}

void eh_odbc_end(struct eh_odbc *c) { SQLEndTran(SQL_HANDLE_DBC, c->handle, SQL_ROLLBACK); }

bool eh_odbc_try(struct eh_odbc *c, const char *statement) {
  struct eh_error refusal;
  bool is_done = eh_odbc_run(c, statement, &refusal) == EH_OK;
  if (is_done) is_done = SQL_SUCCEEDED(SQLEndTran(SQL_HANDLE_DBC, c->handle, SQL_COMMIT));
  if (!is_done) eh_odbc_end(c);
  return is_done;
}

enum eh_status eh_odbc_ask(struct eh_odbc *c, const char *statement, struct eh_error *error) {
  SQLSMALLINT columns = 0;
  EH_TRY(execute(c, statement, error));
  if (!SQL_SUCCEEDED(SQLNumResultCols(c->statement, &columns))) return fail_statement(c, error);
  c->column_count = (size_t)columns;
  c->is_bytes = eh_resize(c->is_bytes, c->column_count, sizeof *c->is_bytes);
  c->starts = eh_resize(c->starts, c->column_count, sizeof *c->starts);
  c->fields = eh_resize((void *)c->fields, c->column_count, sizeof *c->fields);
  for (size_t i = 0; i < c->column_count; i++)
    c->is_bytes[i] = c->is_narrow || c->gives_bytes || is_number_column(c, i);
  return EH_OK;
}

size_t eh_odbc_columns(const struct eh_odbc *c) { return c->column_count; }
size_t eh_odbc_spoiled(const struct eh_odbc *c) { return c->spoiled; }

enum eh_status eh_odbc_column(struct eh_odbc *c, struct eh_arena *arena, size_t column,
                              const char **name, enum eh_odbc_kind *kind, struct eh_error *error) {
  SQLWCHAR wide[PIECE];
  SQLCHAR narrow[PIECE];
  SQLSMALLINT length = 0, type = 0, digits, nullable;
  SQLULEN size;
  SQLUSMALLINT number = (SQLUSMALLINT)(column + 1);
  SQLRETURN result = c->is_narrow ? SQLDescribeCol(c->statement, number, narrow, PIECE, &length,
                                                   &type, &size, &digits, &nullable)
                                  : SQLDescribeColW(c->statement, number, wide, PIECE, &length,
                                                    &type, &size, &digits, &nullable);
  if (!SQL_SUCCEEDED(result)) return fail_statement(c, error);
  size_t units = length < PIECE ? (size_t)length : PIECE - 1, bytes = 0;
  if (!c->is_narrow) units = u16_strnlen(wide, PIECE); /* a driver may count them wrongly */
  uint8_t *text = c->is_narrow ? NULL : u16_to_u8(wide, units, NULL, &bytes);
  if (c->is_narrow)
    *name = eh_arena_copy(arena, (const char *)narrow, units);
  else
    *name = text ? eh_arena_copy(arena, (const char *)text, bytes) : "";
  free(text);
  *kind = kind_of(type);
  return EH_OK;
}

/* --- rows --- */

/* What UTF-16 has no text for, half of a pair alone, is marked as a reader of it would see it. */
static void add_wide(struct eh_odbc *c, const SQLWCHAR *wide, size_t count) {
  enum { REPLACEMENT = 0xFFFD };
  uint8_t piece[3 * PIECE + 1]; /* at most three bytes for each unit of UTF-16 */
  SQLWCHAR mended[PIECE + 1];
  size_t bytes = sizeof piece;
  uint8_t *text = u16_to_u8(wide, count, piece, &bytes);
  if (!text) {
    c->is_spoiled = true;
    for (size_t i = 0; i < count; i++)
      mended[i] = wide[i] >= 0xD800 && wide[i] < 0xE000 ? REPLACEMENT : wide[i];
    bytes = sizeof piece;
    text = u16_to_u8(mended, count, piece, &bytes);
  }
  if (text) eh_buffer_add(&c->row, (const char *)text, bytes);
  if (text != piece) free(text);
}

/* How much of a piece can be converted: a pair of surrogates may be cut in two. */
static bool ends_in_half(const SQLWCHAR *wide, size_t count) {
  return count > 0 && wide[count - 1] >= 0xD800 && wide[count - 1] < 0xDC00;
}

/* Is there more of a field than the piece that was read? room: bytes that it had, with the end. */
static bool has_more(SQLRETURN result, SQLLEN size, size_t room) {
  return result == SQL_SUCCESS_WITH_INFO && (size == SQL_NO_TOTAL || (size_t)size >= room);
}

/* Bytes of a last piece: as many as the driver says, of those that there was room for. */
static size_t last_bytes(SQLLEN size, size_t room) {
  if (size < 0) return 0;
  return (size_t)size < room ? (size_t)size : room;
}

static enum eh_status read_narrow(struct eh_odbc *c, size_t column, struct eh_error *error) {
  char piece[PIECE];
  c->starts[column] = c->row.length;
  for (bool is_more = true; is_more;) {
    SQLLEN size = 0;
    SQLRETURN result = SQLGetData(c->statement, (SQLUSMALLINT)(column + 1), SQL_C_CHAR, piece,
                                  sizeof piece, &size);
    if (result == SQL_NO_DATA) break;
    if (!SQL_SUCCEEDED(result)) return fail_statement(c, error);
    if (size == SQL_NULL_DATA) {
      c->starts[column] = SIZE_MAX;
      return EH_OK;
    }
    is_more = has_more(result, size, sizeof piece);
    eh_buffer_add(&c->row, piece, is_more ? sizeof piece - 1 : last_bytes(size, sizeof piece - 1));
  }
  eh_buffer_add(&c->row, "", 1);
  return EH_OK;
}

static enum eh_status read_wide(struct eh_odbc *c, size_t column, struct eh_error *error) {
  SQLWCHAR wide[PIECE + 1];
  size_t kept = 0; /* of the piece before: half a pair */
  c->starts[column] = c->row.length;
  for (;;) {
    SQLLEN size = 0;
    SQLRETURN result = SQLGetData(c->statement, (SQLUSMALLINT)(column + 1), SQL_C_WCHAR,
                                  wide + kept, (SQLLEN)((PIECE - kept) * sizeof *wide), &size);
    if (result == SQL_NO_DATA) break;
    if (!SQL_SUCCEEDED(result)) return fail_statement(c, error);
    if (size == SQL_NULL_DATA) {
      c->starts[column] = SIZE_MAX;
      return EH_OK;
    }
    bool is_more = has_more(result, size, (PIECE - kept) * sizeof *wide);
    size_t room = (PIECE - kept - 1) * sizeof *wide;
    size_t count = kept + (is_more ? room : last_bytes(size, room)) / sizeof *wide;
    kept = is_more && ends_in_half(wide, count);
    add_wide(c, wide, count - kept);
    if (!is_more) break;
    if (kept) wide[0] = wide[count - 1];
  }
  eh_buffer_add(&c->row, "", 1);
  return EH_OK;
}

/* What is in no encoding is read as files are, as Windows-1252, or marked; a NUL becomes its sign,
 * so that it does not end the text. */
static void mend_field(struct eh_odbc *c, size_t column) {
  static const char nul_sign[] = "\xE2\x90\x80"; /* U+2400 */
  if (c->starts[column] == SIZE_MAX) return;
  size_t start = c->starts[column], length = c->row.length - 1 - start;
  bool is_utf8 = eh_text_is_utf8(c->row.text + start, length);
  if (is_utf8 && !memchr(c->row.text + start, '\0', length)) return;
  c->is_spoiled = true;
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_arena_copy(arena, c->row.text + start, length);
  const char *windows = is_utf8 ? text : eh_text_from_windows(arena, text, length, &length);
  c->row.length = start;
  for (size_t i = 0; i < length; i++) {
    if (windows && windows[i])
      eh_buffer_add(&c->row, &windows[i], 1);
    else if (!windows && text[i] > 0)
      eh_buffer_add(&c->row, &text[i], 1);
    else
      eh_buffer_puts(&c->row, windows || !text[i] ? nul_sign : "\xEF\xBF\xBD");
  }
  eh_buffer_add(&c->row, "", 1);
  eh_arena_free(arena);
}

static enum eh_status read_field(struct eh_odbc *c, size_t column, struct eh_error *error) {
  c->is_spoiled = false;
  EH_TRY(c->is_bytes[column] ? read_narrow(c, column, error) : read_wide(c, column, error));
  mend_field(c, column);
  if (c->is_spoiled && c->spoiled == SIZE_MAX) c->spoiled = column;
  return EH_OK;
}

/* From those that have been read on up to `end`. */
static enum eh_status read_fields(struct eh_odbc *c, size_t end, struct eh_error *error) {
  for (; c->read_count < end; c->read_count++) EH_TRY(read_field(c, c->read_count, error));
  for (size_t i = 0; i < end; i++)
    c->fields[i] = c->starts[i] == SIZE_MAX ? NULL : c->row.text + c->starts[i];
  return EH_OK;
}

enum eh_status eh_odbc_row_begin(struct eh_odbc *c, size_t count, const char *const **fields,
                                 struct eh_error *error) {
  SQLRETURN result = SQLFetch(c->statement);
  *fields = NULL;
  if (result == SQL_NO_DATA) return EH_OK;
  if (!SQL_SUCCEEDED(result)) return fail_statement(c, error);
  c->row.length = c->read_count = 0;
  c->spoiled = SIZE_MAX;
  EH_TRY(read_fields(c, count, error));
  *fields = c->fields;
  return EH_OK;
}

enum eh_status eh_odbc_row_rest(struct eh_odbc *c, const char *const **fields,
                                struct eh_error *error) {
  EH_TRY(read_fields(c, c->column_count, error));
  *fields = c->fields;
  return EH_OK;
}

enum eh_status eh_odbc_row(struct eh_odbc *c, const char *const **fields, struct eh_error *error) {
  return eh_odbc_row_begin(c, c->column_count, fields, error);
}
