#include "engine/load/containers/folded.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/base/memory.h"

enum { MOST_AT_ONCE = 1 << 30 };

struct eh_folded {
  enum eh_fold fold;
  bool is_inside;
  bool has_ended; /* a member has: what follows may be padding */
  z_stream gzip;
  ZSTD_DStream *zstd;
};

enum eh_fold eh_fold_of(const char *bytes, size_t length) {
  if (length >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0) return EH_GZIP;
  if (length >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0) return EH_ZSTD;
  return EH_NOT_FOLDED;
}

struct eh_folded *eh_folded_new(enum eh_fold fold) {
  struct eh_folded *f = eh_alloc_zeroed(1, sizeof *f);
  f->fold = fold;
  bool is_sound = fold == EH_GZIP ? inflateInit2(&f->gzip, 16 + MAX_WBITS) == Z_OK
                                  : (f->zstd = ZSTD_createDStream()) != NULL;
  if (is_sound) return f;
  free(f);
  return NULL;
}

void eh_folded_free(struct eh_folded *f) {
  if (!f) return;
  if (f->fold == EH_GZIP) inflateEnd(&f->gzip);
  ZSTD_freeDStream(f->zstd);
  free(f);
}

void eh_folded_reset(struct eh_folded *f) {
  f->is_inside = f->has_ended = false;
  if (f->fold == EH_GZIP)
    inflateReset(&f->gzip);
  else
    ZSTD_DCtx_reset(f->zstd, ZSTD_reset_session_only);
}

bool eh_folded_is_inside(const struct eh_folded *f) { return f->is_inside; }

static bool step_gzip(struct eh_folded *f, const char **in, size_t *length, char *out, size_t room,
                      size_t *made) {
  /* Tapes and some stores fill a file up with zeros. */
  for (; f->has_ended && !f->is_inside && *length && **in == '\0'; ++*in) --*length;
  if (*length == 0) return true;
  if (!f->is_inside && inflateReset(&f->gzip) != Z_OK) return false;
  f->is_inside = true;
  f->gzip.next_in = (Bytef *)*in;
  f->gzip.avail_in = (uInt)*length;
  f->gzip.next_out = (Bytef *)out;
  f->gzip.avail_out = (uInt)room;
  int result = inflate(&f->gzip, Z_NO_FLUSH);
  *made = room - f->gzip.avail_out;
  *in += *length - f->gzip.avail_in;
  *length = f->gzip.avail_in;
  if (result == Z_STREAM_END) {
    f->is_inside = false; /* another member may follow */
    f->has_ended = true;
  }
  return result == Z_STREAM_END || result == Z_OK || result == Z_BUF_ERROR;
}

static bool step_zstd(struct eh_folded *f, const char **in, size_t *length, char *out, size_t room,
                      size_t *made) {
  ZSTD_inBuffer from = {*in, *length, 0};
  ZSTD_outBuffer to = {out, room, 0};
  size_t result = ZSTD_decompressStream(f->zstd, &to, &from);
  if (ZSTD_isError(result)) return false;
  f->is_inside = result != 0;
  *made = to.pos;
  *in += from.pos;
  *length -= from.pos;
  return true;
}

bool eh_folded_step(struct eh_folded *f, const char **in, size_t *length, char *out, size_t room,
                    size_t *made) {
  if (room > MOST_AT_ONCE) room = MOST_AT_ONCE;
  *made = 0;
  return f->fold == EH_GZIP ? step_gzip(f, in, length, out, room, made)
                            : step_zstd(f, in, length, out, room, made);
}
