/* Who publishes a release, in words. */
#include "rules/explain/internal.h"

static void say(struct eh_explanation *explanation, const char *what, const char *text) {
  if (text) eh_prose_paragraph(explanation->out, 2, "", "%s: %s", what, text);
}

void eh_explain_publication(struct eh_explanation *explanation) {
  const struct eh_publication *p = &explanation->rules->publication;
  if (!(p->department || p->contact || p->period || p->statement)) return;
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "", "A release to the public says of itself:");
  say(explanation, "department", p->department);
  say(explanation, "period", p->period);
  say(explanation, "contact", p->contact);
  say(explanation, "statement", p->statement);
}
