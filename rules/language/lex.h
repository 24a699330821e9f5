/* The tokens of a condition. Fed by rules/language/parse.c, one token at a time. */
#ifndef EVENHAND_RULES_LEX_H
#define EVENHAND_RULES_LEX_H

#include "rules/language/parse.h"

enum eh_token_kind {
  EH_TOKEN_END,
  EH_TOKEN_NAME, /* of a column, or a word of the language */
  EH_TOKEN_TEXT,
  EH_TOKEN_NUMBER,
  EH_TOKEN_DATE,
  EH_TOKEN_OPERATOR,
  EH_TOKEN_OPEN,
  EH_TOKEN_CLOSE,
  EH_TOKEN_COMMA,
  EH_TOKEN_BAD /* a problem has been added */
};

struct eh_token {
  enum eh_token_kind kind;
  const char *text; /* as written, quotes and all */
  size_t length;
  struct eh_place place;
  enum eh_operator op; /* EH_TOKEN_OPERATOR */
  double number;       /* EH_TOKEN_NUMBER */
  int32_t day;         /* EH_TOKEN_DATE */
};

struct eh_lexer {
  const struct eh_parse *parse;
  const char *next, *end;
  struct eh_place place; /* of next; columns count characters, as libyaml does */
};

struct eh_token eh_lexer_next(struct eh_lexer *lexer);

/* Is the token this word of the language, in capitals or not? */
bool eh_token_is_word(const struct eh_token *token, const char *word);

/* What is written there, short enough and clean enough for a message. */
struct eh_excerpt {
  char text[64];
};
struct eh_excerpt eh_excerpt_of(const char *text, size_t length);

#endif
