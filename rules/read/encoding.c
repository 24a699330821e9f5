/* `encoding`: what the bytes of files stand for that are no UTF-8. */
#include <iconv.h>
#include <strings.h>

#include "rules/read/internal.h"

static bool is_known(const char *name) {
  iconv_t converter = iconv_open("UTF-8", name);
  if (converter == (iconv_t)-1) return false;
  iconv_close(converter);
  return true;
}

const char *eh_read_encoding_of(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return NULL;
  const char *name = eh_read_text(reader, node, "`encoding`");
  if (!name) return NULL;
  bool is_wide = strncasecmp(name, "utf", 3) == 0 || strncasecmp(name, "ucs", 3) == 0;
  if (!is_wide && is_known(name)) return name;
  eh_read_problem(reader, node->place,
                  is_wide
                      ? "`%s` is found without being said; `encoding` names what stands for "
                        "letters elsewhere, such as cp850 or latin2"
                      : "`%s` is no encoding that is known here; such are cp850, cp437, latin2, "
                        "iso-8859-15, cp1250, koi8-r, macintosh and shift_jis",
                  eh_read_shown(reader, name));
  return NULL;
}

void eh_read_encoding(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->encoding = eh_read_encoding_of(reader, node);
}
