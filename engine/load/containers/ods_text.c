/* The text of a cell of an .ods: its paragraphs, with white space as ODF 1.2 (part 1, 6.1.2) has
 * it. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/ods.h"

void eh_ods_text_reset(struct eh_ods_paragraphs *p) {
  p->text.length = 0;
  p->in_paragraph = p->has_paragraph = false;
}

void eh_ods_text_begin(struct eh_ods_paragraphs *p) {
  if (p->has_paragraph) eh_buffer_add(&p->text, "\n", 1);
  p->in_paragraph = p->has_paragraph = true;
  p->after_blank = true;
  p->ends_in_blank = false;
}

void eh_ods_text_end(struct eh_ods_paragraphs *p) {
  if (p->ends_in_blank) p->text.length--;
  p->in_paragraph = p->ends_in_blank = false;
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void eh_ods_text_add(struct eh_ods_paragraphs *p, const char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    size_t run = 0;
    while (i + run < length && !is_white(text[i + run])) run++;
    if (run) {
      eh_buffer_add(&p->text, text + i, run);
      p->after_blank = p->ends_in_blank = false;
      i += run;
      continue;
    }
    if (!p->after_blank) {
      eh_buffer_add(&p->text, " ", 1);
      p->after_blank = p->ends_in_blank = true;
    }
    i++;
  }
}

void eh_ods_text_element(struct eh_ods_paragraphs *p, const char *local, const char **attributes) {
  unsigned long count = 1;
  char c = '\0';
  if (strcmp(local, "s") == 0) {
    const char *asked = eh_ods_attribute(attributes, eh_ods_text, "c");
    if (asked) count = strtoul(asked, NULL, 10);
    if (count > EH_LONGEST_CELL) count = EH_LONGEST_CELL;
    c = ' ';
  } else if (strcmp(local, "tab") == 0) {
    c = '\t';
  } else if (strcmp(local, "line-break") == 0) {
    c = '\n';
  }
  if (c == '\0') return;
  for (; count > 0; count--) eh_buffer_add(&p->text, &c, 1);
  p->after_blank = p->ends_in_blank = false;
}
