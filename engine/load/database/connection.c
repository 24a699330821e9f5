#include "engine/load/database/connection.h"

#include <string.h>
#include <strings.h>

/* Where the records are and who asks for them, as PostgreSQL's, MariaDB's, SQLite's, Microsoft's,
 * Oracle's, IBM's and Simba's drivers call it. */
static const char *const harmless[] = {
    "driver",   "dsn",      "filedsn",     "server",          "servername", "server name",
    "host",     "hostname", "address",     "addr",            "network address", "port",
    "database", "db",       "dbname",      "dbq",             "catalog",    "initial catalog",
    "data source", "datasource", "schema", "currentschema",   "uid",        "user",
    "username", "user name", "user id",    "userid",          "trusted_connection"};

static bool is_key(const struct eh_connection_part *part, const char *key) {
  return part->key_length == strlen(key) && strncasecmp(part->key, key, part->key_length) == 0;
}

/* The braces that close a value: the first that is not doubled. */
static const char *closing(const char *value) {
  for (const char *s = value; *s; s++) {
    if (*s != '}') continue;
    if (s[1] != '}') return s;
    s++;
  }
  return NULL;
}

static void trim(const char **text, size_t *length) {
  while (*length && (*text)[0] == ' ') ++*text, --*length;
  while (*length && (*text)[*length - 1] == ' ') --*length;
}

bool eh_connection_part(const char **next, struct eh_connection_part *part) {
  const char *s = *next + strspn(*next, "; ");
  if (!*s) return false;
  size_t before = strcspn(s, "=;");
  *part = (struct eh_connection_part){.key = s, .value = s, .value_length = before};
  const char *end = s + before;
  if (*end == '=') {
    part->key_length = before;
    trim(&part->key, &part->key_length);
    part->value = end + 1 + strspn(end + 1, " ");
    const char *close = *part->value == '{' ? closing(++part->value) : NULL;
    end = close ? close : part->value + strcspn(part->value, ";");
    part->value_length = (size_t)(end - part->value);
    size_t behind = strcspn(end, ";");
    if (close && 1 + strspn(end + 1, " ") < behind) part->key_length = 0; /* {like}this */
    end += behind;
  }
  *next = end;
  return true;
}

/* A value that has parts of its own may have a secret among them. */
static bool has_parts(const char *value, size_t length, bool is_user) {
  for (size_t i = 0; i < length; i++)
    if (strchr(is_user ? "=?;" : "=?;@", value[i]) || strncmp(value + i, "://", 3) == 0) return true;
  return false;
}

bool eh_connection_is_shown(const struct eh_connection_part *part) {
  bool is_user = part->key_length && (part->key[0] == 'u' || part->key[0] == 'U');
  if (has_parts(part->value, part->value_length, is_user)) return false;
  for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
    if (is_key(part, harmless[i])) return true;
  return false;
}

const char *eh_connection_value(struct eh_arena *arena, const char *string, const char *key) {
  struct eh_connection_part part;
  for (const char *next = string; eh_connection_part(&next, &part);)
    if (is_key(&part, key)) return eh_arena_copy(arena, part.value, part.value_length);
  return NULL;
}

/* A key that is no word may be a piece of a secret, of a URL say. */
static bool is_word(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_letter && c != '_' && c != ' ' && c != '-') return false;
  }
  return length > 0;
}

static void show_part(struct eh_buffer *out, const struct eh_connection_part *part,
                      const char *begin, const char *end) {
  if (eh_connection_is_shown(part))
    eh_buffer_add(out, begin, (size_t)(end - begin));
  else if (is_word(part->key, part->key_length))
    eh_buffer_printf(out, "%.*s=***", (int)part->key_length, part->key);
  else
    eh_buffer_puts(out, "***");
}

/* Of a command its first word: what it is told may be a secret in any form. */
static const char *command_shown(struct eh_arena *arena, const char *string) {
  size_t length = strcspn(string, " \t\n");
  const char *word = eh_arena_copy(arena, string, length);
  const char *rest = string + length;
  bool is_plain = !has_parts(word, length, false) && !strpbrk(word, "'\"\\");
  return eh_arena_printf(arena, "%s%s", is_plain ? word : "exec:***",
                         rest[strspn(rest, " \t\n")] ? " ***" : "");
}

const char *eh_connection_shown(struct eh_arena *arena, const char *string) {
  struct eh_connection_part part;
  struct eh_buffer out = {0};
  if (strncmp(string, "exec:", 5) == 0) return command_shown(arena, string);
  if (!strpbrk(string, "=;"))
    return has_parts(string, strlen(string), false) ? "***" : eh_arena_string(arena, string);
  const char *next = string;
  while (*next) {
    const char *begin = next + strspn(next, "; ");
    eh_buffer_add(&out, next, (size_t)(begin - next));
    if (!eh_connection_part(&next, &part)) break;
    /* Where braces do not pair, a driver may take for one value what looks like several here. */
    bool is_braced = part.value > string && part.value[-1] == '{';
    const char *last = is_braced ? strrchr(part.value, '}') : NULL;
    if (last && last > next && !eh_connection_is_shown(&part)) next = last + strcspn(last, ";");
    show_part(&out, &part, begin, next);
  }
  const char *shown = eh_arena_string(arena, out.text ? out.text : "");
  eh_buffer_free(&out);
  return shown;
}
