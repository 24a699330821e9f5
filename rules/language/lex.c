#include "rules/language/lex.h"

#include <string.h>
#include <strings.h>

#include "engine/base/date.h"
#include "engine/base/number.h"

#define SHORT_NAME_REMEDY                                                         \
  "a header that is not a plain name (letters, digits, _) needs a short name of " \
  "its own under columns"

/* What people type who know other languages, or write in a word processor. The longer first. */
static const struct {
  const char *typed, *remedy;
} foreign[] = {
    {"==", "write = for equality"},
    {"=>", "write >="},
    {"=<", "write <="},
    {"<>", "write !="},
    {"&&", "write and"},
    {"||", "write or"},
    {"&", "write and"},
    {"|", "write or"},
    {"!", "write not"},
    {"\"", "put text in single quotes, like 'this'"},
    {"\xE2\x80\x98", "put text in straight quotes, like 'this'"},
    {"\xE2\x80\x99", "put text in straight quotes, like 'this'"},
    {"\xE2\x80\x9C", "put text in straight single quotes, like 'this'"},
    {"\xE2\x80\x9D", "put text in straight single quotes, like 'this'"},
    {"\xE2\x89\xA4", "write <="},
    {"\xE2\x89\xA5", "write >="},
    {"\xE2\x89\xA0", "write !="},
    {"\xE2\x80\x93", "write a plain hyphen, as in 2011-06-17"},
    {"\xE2\x80\x94", "write a plain hyphen, as in 2011-06-17"},
    {"\xE2\x88\x92", "write a plain hyphen, as in -5"},
    {"\xC2\xA0", "this blank is a no-break space: write a plain one"},
    {"`", SHORT_NAME_REMEDY},
    {"[", SHORT_NAME_REMEDY},
    {"{", "write lists in parentheses, like ('a', 'b')"},
    {"-", "conditions do not calculate: derive a column, and compare that"},
    {"+", "conditions do not calculate: derive a column, and compare that"},
    {"*", "conditions do not calculate: derive a column, and compare that"},
    {"/", "conditions do not calculate: derive a column, and compare that"},
    {"%", "write a plain number, without %"},
    {"$", "write a plain number, without $"},
    {"#", "comments stand outside the condition, after a blank"},
};
enum { FOREIGN_COUNT = sizeof foreign / sizeof foreign[0] };

static const struct {
  const char *sign;
  enum eh_operator op;
} operators[] = {{"<=", EH_LE}, {">=", EH_GE}, {"!=", EH_NE},
                 {"=", EH_EQ},  {"<", EH_LT},  {">", EH_GT}};
enum { OPERATOR_COUNT = sizeof operators / sizeof operators[0], LONG_OPERATORS = 3 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool starts_with(const struct eh_lexer *lexer, const char *prefix) {
  size_t length = strlen(prefix);
  return (size_t)(lexer->end - lexer->next) >= length && memcmp(lexer->next, prefix, length) == 0;
}

/* The remedy for foreign writing that begins at next, or NULL; typed gets what it is. */
static const char *foreign_here(const struct eh_lexer *lexer, const char **typed) {
  for (int i = 0; i < FOREIGN_COUNT; i++) {
    if (!starts_with(lexer, foreign[i].typed)) continue;
    *typed = foreign[i].typed;
    return foreign[i].remedy;
  }
  return NULL;
}

/* Letters of any alphabet may stand in a name; a byte above 127 is part of one. */
static bool begins_name(const struct eh_lexer *lexer) {
  const char *ignored;
  unsigned char c = (unsigned char)*lexer->next;
  if (c >= 0x80) return !foreign_here(lexer, &ignored);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void step(struct eh_lexer *lexer) {
  unsigned char c = (unsigned char)*lexer->next++;
  if (c == '\n') {
    lexer->place.line++;
    lexer->place.column = 1;
  } else if ((c & 0xC0) != 0x80) {
    lexer->place.column++;
  }
}

static void step_over(struct eh_lexer *lexer, size_t length) {
  while (length--) step(lexer);
}

static char peek(const struct eh_lexer *lexer, ptrdiff_t ahead) {
  return lexer->end - lexer->next > ahead ? lexer->next[ahead] : '\0';
}

struct eh_excerpt eh_excerpt_of(const char *text, size_t length) {
  enum { LONGEST = 56 };
  struct eh_excerpt excerpt;
  size_t kept = length < LONGEST ? length : LONGEST;
  while (kept < length && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80) kept--;
  for (size_t i = 0; i < kept; i++) {
    unsigned char c = (unsigned char)text[i];
    excerpt.text[i] = c < 0x20 || c == 0x7F ? '?' : text[i];
  }
  strcpy(excerpt.text + kept, kept < length ? "..." : "");
  return excerpt;
}

bool eh_token_is_word(const struct eh_token *token, const char *word) {
  return token->kind == EH_TOKEN_NAME && token->length == strlen(word) &&
         strncasecmp(token->text, word, token->length) == 0;
}

static void bad(const struct eh_lexer *lexer, struct eh_token *token, const char *remedy) {
  token->kind = EH_TOKEN_BAD;
  token->length = (size_t)(lexer->next - token->text);
  struct eh_excerpt excerpt = eh_excerpt_of(token->text, token->length);
  eh_problems_add(lexer->parse->problems, lexer->parse->file, token->place,
                  "%s cannot be read here: %s", excerpt.text, remedy);
}

static void read_name(struct eh_lexer *lexer, struct eh_token *token) {
  token->kind = EH_TOKEN_NAME;
  while (lexer->next < lexer->end && (begins_name(lexer) || is_digit(*lexer->next))) step(lexer);
  char c = peek(lexer, 0);
  if (c == '-' || c == '.' || c == '[') {
    step(lexer);
    bad(lexer, token, SHORT_NAME_REMEDY);
  }
}

static void read_text(struct eh_lexer *lexer, struct eh_token *token) {
  token->kind = EH_TOKEN_TEXT;
  step(lexer);
  while (lexer->next < lexer->end) {
    char c = *lexer->next;
    step(lexer);
    if (c == '\0') {
      bad(lexer, token, "the text holds a NUL character");
      return;
    }
    if (c != '\'') continue;
    if (peek(lexer, 0) != '\'') return;
    step(lexer);
  }
  bad(lexer, token, "the text has no closing quote (a quote inside is written twice: 'O''Hara')");
}

/* Digits with hyphens or strokes between them are meant as a date. */
static void read_date(struct eh_lexer *lexer, struct eh_token *token) {
  token->kind = EH_TOKEN_DATE;
  while (lexer->next < lexer->end &&
         (is_digit(*lexer->next) || begins_name(lexer) || memchr("-/:.", *lexer->next, 4)))
    step(lexer);
  size_t length = (size_t)(lexer->next - token->text);
  bool shape = length == 10;
  for (size_t i = 0; shape && i < length; i++)
    shape = i == 4 || i == 7 ? token->text[i] == '-' : is_digit(token->text[i]);
  if (!shape)
    bad(lexer, token, "a date is written year-month-day, like 2011-06-17");
  else if (!eh_date_parse(token->text, length, "%Y-%m-%d", &token->day))
    bad(lexer, token, "there is no such day in the calendar");
}

static void read_number(struct eh_lexer *lexer, struct eh_token *token) {
  token->kind = EH_TOKEN_NUMBER;
  if (!is_digit(*lexer->next) && *lexer->next != '.') step(lexer);
  while (lexer->next < lexer->end) {
    bool after_e = lexer->next > token->text && (lexer->next[-1] == 'e' || lexer->next[-1] == 'E');
    char c = *lexer->next;
    if (!is_digit(c) && c != '.' && !begins_name(lexer) && !(after_e && (c == '+' || c == '-')))
      break;
    step(lexer);
  }
  size_t length = (size_t)(lexer->next - token->text);
  if (!eh_number_parse(token->text, length, &token->number))
    bad(lexer, token,
        "a number is written like 16, -2.5, 0.5 or 1e6 and must not be too large; text stands in "
        "single quotes; a name begins with a letter");
}

static void read_digits(struct eh_lexer *lexer, struct eh_token *token) {
  ptrdiff_t digits = 0;
  while (is_digit(peek(lexer, digits))) digits++;
  char then = peek(lexer, digits);
  if (digits && (then == '-' || then == '/') && is_digit(peek(lexer, digits + 1)))
    read_date(lexer, token);
  else
    read_number(lexer, token);
}

static bool read_operator(struct eh_lexer *lexer, struct eh_token *token, int from, int to) {
  for (int i = from; i < to; i++) {
    if (!starts_with(lexer, operators[i].sign)) continue;
    token->kind = EH_TOKEN_OPERATOR;
    token->op = operators[i].op;
    step_over(lexer, strlen(operators[i].sign));
    return true;
  }
  return false;
}

static bool read_mark(struct eh_lexer *lexer, struct eh_token *token) {
  switch (*lexer->next) {
    case '(':
      token->kind = EH_TOKEN_OPEN;
      break;
    case ')':
      token->kind = EH_TOKEN_CLOSE;
      break;
    case ',':
      token->kind = EH_TOKEN_COMMA;
      break;
    default:
      return false;
  }
  step(lexer);
  return true;
}

static void read_foreign(struct eh_lexer *lexer, struct eh_token *token) {
  const char *typed, *remedy = foreign_here(lexer, &typed);
  step_over(lexer, remedy ? strlen(typed) : 1);
  bad(lexer, token, remedy ? remedy : "no condition holds this character");
}

struct eh_token eh_lexer_next(struct eh_lexer *lexer) {
  while (lexer->next < lexer->end && memchr(" \t\r\n", *lexer->next, 4)) step(lexer);
  struct eh_token token = {.kind = EH_TOKEN_END, .text = lexer->next, .place = lexer->place};
  if (lexer->next == lexer->end) return token;
  char c = *lexer->next, after = peek(lexer, 1);
  if (begins_name(lexer))
    read_name(lexer, &token);
  else if (c == '\'')
    read_text(lexer, &token);
  else if (is_digit(c) || ((c == '-' || c == '+' || c == '.') && is_digit(after)))
    read_digits(lexer, &token);
  else if (!read_mark(lexer, &token) && !read_operator(lexer, &token, 0, LONG_OPERATORS)) {
    const char *typed;
    if (foreign_here(lexer, &typed) ||
        !read_operator(lexer, &token, LONG_OPERATORS, OPERATOR_COUNT))
      read_foreign(lexer, &token);
  }
  token.length = (size_t)(lexer->next - token.text);
  return token;
}
