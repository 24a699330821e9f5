/* The sheets of an .ods, and the styles that tell what they are and how numbers are shown. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/ods.h"

const char *const eh_ods_table[] = {"urn:oasis:names:tc:opendocument:xmlns:table:1.0", NULL};
const char *const eh_ods_office[] = {"urn:oasis:names:tc:opendocument:xmlns:office:1.0", NULL};
const char *const eh_ods_text[] = {"urn:oasis:names:tc:opendocument:xmlns:text:1.0", NULL};
static const char *const style_space[] = {"urn:oasis:names:tc:opendocument:xmlns:style:1.0", NULL};
static const char *const number_space[] = {"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
                                           NULL};

struct reading {
  struct eh_xml *xml;
  struct eh_ods_contents *contents;
  unsigned tables;         /* open, one within another */
  bool in_number_style;
  bool in_text, is_no_id;
  struct eh_buffer code;   /* of the number style, as a format's code */
  struct eh_buffer literal;
  size_t digits, position; /* of the number; of an embedded text, from the right */
  const char *number_name;
};

const char *eh_ods_attribute(const char **attributes, const char *const *space, const char *name) {
  for (; *attributes; attributes += 2) {
    const char *local = eh_xml_local(attributes[0], space);
    if (local && strcmp(local, name) == 0) return attributes[1];
  }
  return NULL;
}

static struct eh_ods_style *add_style(struct eh_arena *arena, struct eh_ods_style **styles,
                                      size_t *count, size_t *capacity, const char *name) {
  if (*count == *capacity) {
    size_t more = *capacity ? 2 * *capacity : 32;
    struct eh_ods_style *items = eh_arena_alloc(arena, more, sizeof *items);
    if (*count) memcpy(items, *styles, *count * sizeof *items);
    *styles = items;
    *capacity = more;
  }
  struct eh_ods_style *style = &(*styles)[(*count)++];
  style->name = eh_arena_string(arena, name);
  return style;
}

/* --- styles --- */

static void start_style(struct reading *r, const char *local, const char **attributes) {
  struct eh_ods_contents *c = r->contents;
  if (strcmp(local, "style") == 0) {
    const char *name = eh_ods_attribute(attributes, style_space, "name"),
               *data = eh_ods_attribute(attributes, style_space, "data-style-name");
    struct eh_ods_style *style =
        add_style(c->arena, &c->styles, &c->style_count, &c->style_capacity, name ? name : "");
    if (data) style->data_style = eh_arena_string(c->arena, data);
  } else if (strcmp(local, "table-properties") == 0 && c->style_count) {
    const char *display = eh_ods_attribute(attributes, eh_ods_table, "display");
    c->styles[c->style_count - 1].hides = display && strcmp(display, "false") == 0;
  }
}

static void put_literal(struct eh_buffer *code, const char *text, size_t length) {
  eh_buffer_puts(code, "\"");
  for (size_t i = 0; i < length; i++)
    if (text[i] != '"') eh_buffer_add(code, text + i, 1);
  eh_buffer_puts(code, "\"");
}

static void put_zeros(struct reading *r, size_t until) {
  for (; r->digits > until; r->digits--) eh_buffer_puts(&r->code, "0");
}

/* number:number: so many digits at least, and nothing that no id has. */
static void start_digits(struct reading *r, const char **attributes) {
  enum { MOST_DIGITS = 40 };
  const char *least = eh_ods_attribute(attributes, number_space, "min-integer-digits"),
             *places = eh_ods_attribute(attributes, number_space, "decimal-places"),
             *groups = eh_ods_attribute(attributes, number_space, "grouping");
  unsigned long digits = least ? strtoul(least, NULL, 10) : 0;
  r->is_no_id |= digits < 2 || digits > MOST_DIGITS || (places && strcmp(places, "0") != 0) ||
                 (groups && strcmp(groups, "true") == 0);
  r->digits = r->is_no_id ? 0 : digits;
}

static void start_number(struct reading *r, const char *local, const char **attributes) {
  if (strcmp(local, "number-style") == 0) {
    const char *name = eh_ods_attribute(attributes, style_space, "name");
    r->number_name = eh_arena_string(r->contents->arena, name ? name : "");
    r->in_number_style = true;
    r->is_no_id = false;
    r->code.length = 0;
    return;
  }
  if (!r->in_number_style) return;
  r->literal.length = 0;
  if (strcmp(local, "number") == 0) {
    start_digits(r, attributes);
  } else if (strcmp(local, "text") == 0) {
    r->in_text = true;
  } else if (strcmp(local, "embedded-text") == 0) {
    const char *position = eh_ods_attribute(attributes, number_space, "position");
    r->position = position ? strtoul(position, NULL, 10) : 0;
    r->in_text = true;
  } else {
    r->is_no_id = true; /* a fraction, a scientific number */
  }
}

static void end_number(struct reading *r, const char *local) {
  struct eh_ods_contents *c = r->contents;
  if (!r->in_number_style) return;
  if (strcmp(local, "number") == 0) {
    put_zeros(r, 0);
  } else if (strcmp(local, "text") == 0 || strcmp(local, "embedded-text") == 0) {
    if (strcmp(local, "embedded-text") == 0) put_zeros(r, r->position);
    if (r->literal.length) put_literal(&r->code, r->literal.text, r->literal.length);
    r->in_text = false;
  } else if (strcmp(local, "number-style") == 0) {
    r->in_number_style = false;
    if (r->is_no_id || r->code.length == 0) return;
    struct eh_ods_style *style =
        add_style(c->arena, &c->data, &c->data_count, &c->data_capacity, r->number_name);
    style->format = eh_number_format_of(eh_arena_copy(c->arena, r->code.text, r->code.length));
  }
}

struct eh_number_format eh_ods_format_of(const struct eh_ods_contents *c, const char *style) {
  struct eh_number_format plain = {.kind = EH_PLAIN_NUMBER};
  const char *data = NULL;
  for (size_t i = c->style_count; i > 0 && !data; i--)
    if (strcmp(c->styles[i - 1].name, style) == 0) data = c->styles[i - 1].data_style;
  for (size_t i = c->data_count; i > 0 && data; i--)
    if (strcmp(c->data[i - 1].name, data) == 0) return c->data[i - 1].format;
  return plain;
}

/* --- sheets --- */

static bool is_hidden(const struct eh_ods_contents *c, const char *style) {
  for (size_t i = c->style_count; i > 0; i--)
    if (strcmp(c->styles[i - 1].name, style) == 0 && c->styles[i - 1].hides) return true;
  return false;
}

static void add_sheet(struct reading *r, const char **attributes) {
  struct eh_ods_contents *c = r->contents;
  const char *name = eh_ods_attribute(attributes, eh_ods_table, "name"),
             *style = eh_ods_attribute(attributes, eh_ods_table, "style-name");
  if (c->sheet_count == c->sheet_capacity) {
    size_t more = c->sheet_capacity ? 2 * c->sheet_capacity : 16;
    struct eh_worksheet *sheets = eh_arena_alloc(c->arena, more, sizeof *sheets);
    if (c->sheet_count) memcpy(sheets, c->sheets, c->sheet_count * sizeof *sheets);
    c->sheets = sheets;
    c->sheet_capacity = more;
  }
  c->sheets[c->sheet_count++] =
      (struct eh_worksheet){.name = eh_arena_string(c->arena, name ? name : ""),
                        .visibility = style && is_hidden(c, style) ? EH_HIDDEN : EH_VISIBLE};
}

static void start(void *context, const char *name, const char **attributes) {
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_ods_table);
  if (local && strcmp(local, "table") == 0 && r->tables++ == 0) add_sheet(r, attributes);
  if (r->tables) return;
  if ((local = eh_xml_local(name, style_space)) != NULL)
    start_style(r, local, attributes);
  else if ((local = eh_xml_local(name, number_space)) != NULL)
    start_number(r, local, attributes);
}

static void end(void *context, const char *name) {
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_ods_table);
  if (local && strcmp(local, "table") == 0) r->tables--;
  local = r->tables ? NULL : eh_xml_local(name, number_space);
  if (local) end_number(r, local);
}

static void text(void *context, const char *bytes, int length) {
  struct reading *r = context;
  if (r->in_text) eh_buffer_add(&r->literal, bytes, (size_t)length);
}

enum eh_status eh_ods_read_contents(struct eh_ods_contents *contents, struct eh_zip *zip,
                                    size_t entry, struct eh_error *error) {
  static const struct eh_xml_calls calls = {start, end, text};
  struct reading r = {.contents = contents};
  enum eh_status status = eh_xml_parse(&r.xml, zip, entry, &calls, &r, error);
  eh_buffer_free(&r.code);
  eh_buffer_free(&r.literal);
  return status;
}
