#include "engine/load/text/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/memory.h"
#include "engine/base/temporaries.h"
#include "engine/load/containers/container.h"
#include "engine/load/containers/folded.h"
#include "engine/load/containers/refusals.h"
#include "engine/load/text/encoding.h"

enum { STEP = 1 << 16, HASH_STEP = 1 << 17 };

/* Bytes that one stage has made and the next has not taken yet. */
struct queue {
  char *bytes; /* STEP of them; NULL while nothing is read */
  size_t start, end;
};

static void begin(struct queue *q) {
  if (!q->bytes) q->bytes = eh_alloc(STEP, 1);
  q->start = q->end = 0;
}

static size_t take(struct queue *q, char *buffer, size_t wanted) {
  size_t length = q->end - q->start < wanted ? q->end - q->start : wanted;
  memcpy(buffer, q->bytes + q->start, length);
  q->start += length;
  return length;
}

struct eh_source {
  char *name;
  int descriptor;
  FILE *spool; /* a copy of what cannot be read twice; NULL for a plain file */
  bool from_spool;
  bool at_end; /* of the stored bytes */
  uint64_t bytes;
  bool first_pass;
  struct eh_digest *digest;
  bool is_regular;
  uint64_t size;      /* of a regular file, when it was opened */
  struct stat opened; /* what the system knew of it then */
  size_t bom;         /* bytes of a UTF-8 byte order mark */

  struct queue stored;    /* read, not yet decompressed */
  struct eh_folded *fold; /* NULL: it is not compressed, or at rest */
  bool was_folded;
  uint64_t folded, unfolded; /* bytes into and out of decompression, in this pass */
  const struct eh_wish *wish;
  struct eh_stored whole;         /* what a container is opened from */
  struct eh_container *container; /* NULL: it is none; then what it holds comes out of it */
  struct queue plain;             /* decompressed, not yet converted: only for UTF-16 */
  const char *encoding;
  bool is_utf16;
  iconv_t converter;
  struct queue converted;
};

static enum eh_status fail(const struct eh_source *s, enum eh_status code, const char *message,
                           struct eh_error *error) {
  return eh_fail_at(error, code, s->name, 0, 0, "%s", message);
}

/* One read of stored bytes; *got is 0 at the end. */
static enum eh_status read_stored(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                                  struct eh_error *error) {
  *got = 0;
  if (s->at_end) return EH_OK;
  ssize_t length;
  do {
    length = s->from_spool ? (ssize_t)fread(buffer, 1, wanted, s->spool)
                           : read(s->descriptor, buffer, wanted);
  } while (length < 0 && errno == EINTR);
  if (length < 0 || (s->from_spool && ferror(s->spool)))
    return eh_fail_at(error, EH_BAD_INPUT, s->name, 0, 0, "cannot be read: %s", strerror(errno));
  s->at_end = length == 0;
  *got = (size_t)length;
  if (!s->first_pass) return EH_OK;
  s->bytes += *got;
  if (s->digest) eh_digest_add(s->digest, buffer, *got);
  if (s->spool && fwrite(buffer, 1, *got, s->spool) != *got)
    return eh_fail(error, EH_MACHINE,
                   "cannot keep a temporary copy of %s: %s; free some space or set TMPDIR", s->name,
                   strerror(errno));
  return EH_OK;
}

/* Stored bytes, from anywhere. */
static enum eh_status read_from(const struct eh_source *s, int descriptor, uint64_t offset,
                                char *buffer, size_t wanted, size_t *got, struct eh_error *error) {
  *got = 0;
  while (*got < wanted) {
    ssize_t length = pread(descriptor, buffer + *got, wanted - *got, (off_t)(offset + *got));
    if (length < 0 && errno == EINTR) continue;
    if (length < 0)
      return eh_fail_at(error, EH_BAD_INPUT, s->name, 0, 0, "cannot be read: %s", strerror(errno));
    if (length == 0) break;
    *got += (size_t)length;
  }
  return EH_OK;
}

static enum eh_status refill(struct eh_source *s, struct eh_error *error) {
  struct queue *q = &s->stored;
  memmove(q->bytes, q->bytes + q->start, q->end - q->start);
  q->end -= q->start;
  q->start = 0;
  size_t got;
  EH_TRY(read_stored(s, q->bytes + q->end, STEP - q->end, &got, error));
  q->end += got;
  return EH_OK;
}

static enum eh_status check_unfolded(const struct eh_source *s, struct eh_error *error) {
  if (s->unfolded <= EH_UNFOLDED_UNASKED || s->unfolded / EH_MOST_UNFOLDED <= s->folded)
    return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, s->name, 0, 0,
                    "unfolds to over %d times its size, as no records do but a file made to fill "
                    "the machine does; if it is sound, decompress it first and pass the result",
                    EH_MOST_UNFOLDED);
}

static enum eh_status unfold_some(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                                  struct eh_error *error) {
  struct queue *q = &s->stored;
  *got = 0;
  while (*got == 0) {
    if (q->start == q->end) EH_TRY(refill(s, error));
    if (q->start == q->end) {
      if (!eh_folded_is_inside(s->fold)) return EH_OK;
      return fail(s, EH_BAD_INPUT,
                  "is cut short: the compressed data end in the middle; get a complete copy",
                  error);
    }
    const char *in = q->bytes + q->start;
    size_t length = q->end - q->start, before = length;
    if (!eh_folded_step(s->fold, &in, &length, buffer, wanted > STEP ? STEP : wanted, got))
      return fail(s, EH_BAD_INPUT, "is damaged: the compressed data cannot be read; get a new copy",
                  error);
    s->unfolded += *got;
    s->folded += before - length;
    q->start = q->end - length;
  }
  return check_unfolded(s, error);
}

/* What comes out of a container; as of compressed data, it may be too much for what holds it. */
static enum eh_status take_contained(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                                     struct eh_error *error) {
  EH_TRY(eh_container_read(s->container, buffer, wanted, got, error));
  s->unfolded += *got;
  return check_unfolded(s, error);
}

/* Bytes after decompression; *got is 0 at the end. */
static enum eh_status read_plain(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                                 struct eh_error *error) {
  if (s->container) return take_contained(s, buffer, wanted, got, error);
  if (s->fold) return unfold_some(s, buffer, wanted, got, error);
  struct queue *q = &s->stored;
  if (q->start == q->end) return read_stored(s, buffer, wanted, got, error);
  *got = take(q, buffer, wanted);
  return EH_OK;
}

static enum eh_status fill_plain(struct eh_source *s, struct eh_error *error) {
  struct queue *q = &s->plain;
  memmove(q->bytes, q->bytes + q->start, q->end - q->start);
  q->end -= q->start;
  q->start = 0;
  while (q->end < STEP) {
    size_t got;
    EH_TRY(read_plain(s, q->bytes + q->end, STEP - q->end, &got, error));
    if (got == 0) break;
    q->end += got;
  }
  return EH_OK;
}

/* Some more UTF-16 as UTF-8, into `converted`; nothing at the end. */
static enum eh_status convert_some(struct eh_source *s, struct eh_error *error) {
  struct queue *q = &s->plain, *to = &s->converted;
  to->start = to->end = 0;
  if (q->end - q->start < 4) EH_TRY(fill_plain(s, error)); /* a character takes up to 4 bytes */
  if (q->start == q->end) return EH_OK;
  char *in = q->bytes + q->start, *out = to->bytes;
  size_t in_left = q->end - q->start, out_left = STEP;
  size_t result = iconv(s->converter, &in, &in_left, &out, &out_left);
  bool is_stuck = result == (size_t)-1 && errno != E2BIG && in == q->bytes + q->start;
  q->start = q->end - in_left;
  to->end = STEP - out_left;
  if (is_stuck) { /* no text here: mark it, and go on behind it */
    q->start += q->end - q->start < 2 ? q->end - q->start : 2;
    to->bytes[0] = (char)0x81;
    to->end = 1;
  }
  return EH_OK;
}

static enum eh_status open_fold(struct eh_source *s, struct eh_error *error) {
  enum eh_fold fold = eh_fold_of(s->stored.bytes, s->stored.end);
  s->folded = s->unfolded = 0;
  if (fold == EH_NOT_FOLDED) return EH_OK;
  s->was_folded = true;
  if (!s->fold) s->fold = eh_folded_new(fold);
  if (!s->fold) return fail(s, EH_MACHINE, "cannot be decompressed: out of memory", error);
  eh_folded_reset(s->fold);
  return EH_OK;
}

/* How many bytes of `mark` stand at the beginning, once or, as merged exports have it, again. */
static size_t count_marks(const struct queue *q, const char *mark, size_t length) {
  size_t count = 0;
  while (q->end - count >= length && memcmp(q->bytes + count, mark, length) == 0) count += length;
  return count;
}

/* Look at the byte order mark, if any, and set up the conversion. */
static enum eh_status open_encoding(struct eh_source *s, struct eh_error *error) {
  begin(&s->plain);
  EH_TRY(fill_plain(s, error));
  static const struct {
    const char *mark, *encoding;
  } marks[] = {{"\xff\xfe", "UTF-16LE"}, {"\xfe\xff", "UTF-16BE"}};
  struct queue *q = &s->plain;
  s->is_utf16 = false;
  s->bom = q->start = count_marks(q, "\xef\xbb\xbf", 3);
  s->encoding = s->bom ? NULL : eh_text_find_utf16((const unsigned char *)q->bytes, q->end);
  for (size_t i = 0; i < 2 && !s->bom; i++) {
    size_t bytes = count_marks(q, marks[i].mark, 2);
    if (bytes) s->encoding = marks[i].encoding;
    q->start += bytes;
  }
  if (!s->encoding) {
    s->encoding = "UTF-8";
    return EH_OK;
  }
  s->is_utf16 = true;
  begin(&s->converted);
  if (s->converter == (iconv_t)-1) s->converter = iconv_open("UTF-8", s->encoding);
  if (s->converter == (iconv_t)-1)
    return fail(s, EH_MACHINE, "is in UTF-16, which this system cannot convert", error);
  iconv(s->converter, NULL, NULL, NULL, NULL);
  return EH_OK;
}

/* --- containers --- */

static enum eh_status read_whole(void *context, uint64_t offset, char *buffer, size_t wanted,
                                 size_t *got, struct eh_error *error) {
  const struct eh_source *s = context;
  int descriptor = s->spool ? fileno(s->spool) : s->descriptor;
  return read_from(s, descriptor, offset, buffer, wanted, got, error);
}

/* A container is read from anywhere: hash, and where need be copy, all of it first. */
static enum eh_status pass_whole(struct eh_source *s, struct eh_error *error) {
  size_t got = 1;
  char *step = eh_alloc(HASH_STEP, 1);
  enum eh_status status = EH_OK;
  while (status == EH_OK && got) status = read_stored(s, step, HASH_STEP, &got, error);
  free(step);
  if (status != EH_OK) return status;
  if (s->spool && fflush(s->spool) != 0)
    return fail(s, EH_MACHINE, "its temporary copy cannot be written", error);
  s->whole = (struct eh_stored){s->name, s->bytes, s, read_whole};
  return EH_OK;
}

/* What a container holds is named behind it: "records.zip:2014.csv". */
static void name_entry(struct eh_source *s) {
  const char *entry = eh_container_entry(s->container);
  if (!entry) return;
  struct eh_buffer name = {0};
  eh_buffer_printf(&name, "%s:%s", s->name, entry);
  free(s->name);
  s->name = name.text;
}

static enum eh_status open_container(struct eh_source *s, struct eh_error *error) {
  if (!eh_container_is(s->stored.bytes, s->stored.end)) return EH_OK;
  EH_TRY(pass_whole(s, error));
  EH_TRY(eh_container_open(&s->container, &s->whole, s->wish, error));
  s->folded = s->bytes;
  name_entry(s);
  return EH_OK;
}

/* Is it of a kind that is refused by its beginning? */
static enum eh_status check_beginning(const struct eh_source *s, struct eh_error *error) {
  const struct queue *q = &s->plain;
  size_t length = q->end - q->start;
  if (s->fold && eh_container_is(q->bytes, length))
    return fail(s, EH_BAD_INPUT, "is a workbook or a zip, compressed once more; decompress it",
                error);
  if (s->fold && eh_fold_of(q->bytes, length) != EH_NOT_FOLDED)
    return fail(s, EH_BAD_INPUT, "is compressed twice; decompress it once, and pass the result",
                error);
  if (s->is_utf16 || (s->container && eh_container_is_table(s->container))) return EH_OK;
  return eh_refuse_beginning(s->name, q->bytes + q->start, length, error);
}

static enum eh_status start(struct eh_source *s, struct eh_error *error) {
  begin(&s->stored);
  s->at_end = false;
  if (s->container) {
    s->unfolded = 0;
    EH_TRY(eh_container_rewind(s->container, error));
    return open_encoding(s, error);
  }
  while (s->stored.end < EH_CONTAINER_LOOK && !s->at_end) EH_TRY(refill(s, error));
  EH_TRY(open_container(s, error));
  if (!s->container) EH_TRY(open_fold(s, error));
  EH_TRY(open_encoding(s, error));
  return check_beginning(s, error);
}

/* Clocks of files advance in steps of some milliseconds. One that was changed within the present
 * step could be changed again and look the same: wait for the next. False: errno says why. */
static bool look_at_rest(int descriptor, struct stat *status) {
  enum { STEP_OF_CLOCK = 20 * 1000 * 1000 /* nanoseconds, generously */, LOOKS = 5 };
  for (int i = 0; i < LOOKS; i++) {
    struct timespec now, wait = {0, STEP_OF_CLOCK};
    if (fstat(descriptor, status) != 0) return false;
    if (!S_ISREG(status->st_mode) || status->st_nlink == 0) return true;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return true;
    int64_t age = (int64_t)(now.tv_sec - status->st_ctim.tv_sec) * 1000000000 + now.tv_nsec -
                  status->st_ctim.tv_nsec;
    if (age < 0 || age > STEP_OF_CLOCK) return true;
    nanosleep(&wait, NULL);
  }
  return true;
}

static enum eh_status open_descriptor(struct eh_source *s, struct eh_error *error) {
  struct stat status;
  bool is_standard_input = strcmp(s->name, "-") == 0;
  s->descriptor = is_standard_input ? dup(STDIN_FILENO) : open(s->name, O_RDONLY | O_CLOEXEC);
  if (s->descriptor < 0 && (errno == EMFILE || errno == ENFILE))
    return eh_fail_at(error, EH_MACHINE, s->name, 0, 0,
                      "cannot be opened: %s; allow more (ulimit -n), or put the records into fewer "
                      "files",
                      strerror(errno));
  if (s->descriptor < 0 || !look_at_rest(s->descriptor, &status))
    return eh_fail_at(error, EH_BAD_INPUT, s->name, 0, 0, "cannot be opened: %s", strerror(errno));
  if (S_ISDIR(status.st_mode))
    return fail(s, EH_BAD_INPUT, "is a folder; name the files in it", error);
  s->is_regular = S_ISREG(status.st_mode) && lseek(s->descriptor, 0, SEEK_CUR) == 0;
  s->size = (uint64_t)status.st_size;
  s->opened = status;
  if (s->is_regular) return EH_OK;
  s->spool = eh_temporary_file();
  if (!s->spool)
    return eh_fail(error, EH_MACHINE,
                   "cannot make a temporary file: %s; set TMPDIR to a folder that can hold one",
                   strerror(errno));
  return EH_OK;
}

enum eh_status eh_source_open(struct eh_source **source, const char *name, bool hash,
                              const struct eh_wish *wish, struct eh_error *error) {
  struct eh_source *s = *source = eh_alloc_zeroed(1, sizeof *s);
  s->descriptor = -1;
  s->converter = (iconv_t)-1;
  s->first_pass = true;
  s->wish = wish;
  s->name = eh_alloc(strlen(name) + 1, 1);
  strcpy(s->name, name);
  enum eh_status status = open_descriptor(s, error);
  if (hash) s->digest = eh_digest_new();
  if (status == EH_OK) status = start(s, error);
  s->wish = NULL;
  if (status == EH_OK) return EH_OK;
  eh_source_free(s);
  *source = NULL;
  return status;
}

void eh_source_rest(struct eh_source *s) {
  struct queue *queues[] = {&s->stored, &s->plain, &s->converted};
  for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++) {
    free(queues[i]->bytes);
    *queues[i] = (struct queue){0};
  }
  eh_folded_free(s->fold);
  s->fold = NULL;
}

void eh_source_free(struct eh_source *s) {
  if (!s) return;
  eh_source_rest(s);
  eh_container_free(s->container);
  if (s->converter != (iconv_t)-1) iconv_close(s->converter);
  char unused[65];
  if (s->digest) eh_digest_finish(s->digest, unused);
  if (s->spool) fclose(s->spool);
  if (s->descriptor >= 0) close(s->descriptor);
  free(s->name);
  free(s);
}

/* What start() looked at for a byte order mark comes first; after that, plain bytes go straight to
 * the caller. */
static enum eh_status read_some(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                                struct eh_error *error) {
  if (s->is_utf16 && s->converted.start == s->converted.end) EH_TRY(convert_some(s, error));
  struct queue *q = s->is_utf16 ? &s->converted : &s->plain;
  if (!s->is_utf16 && q->start == q->end) return read_plain(s, buffer, wanted, got, error);
  *got = take(q, buffer, wanted);
  return EH_OK;
}

enum eh_status eh_source_read(struct eh_source *s, char *buffer, size_t wanted, size_t *got,
                              struct eh_error *error) {
  *got = 0;
  while (*got < wanted) {
    size_t more;
    EH_TRY(read_some(s, buffer + *got, wanted - *got, &more, error));
    if (more == 0) break;
    *got += more;
  }
  return EH_OK;
}

enum eh_status eh_source_rewind(struct eh_source *s, struct eh_error *error) {
  s->first_pass = false;
  if (s->container) return start(s, error);
  if (s->spool) {
    s->from_spool = true;
    if (fflush(s->spool) != 0 || fseeko(s->spool, 0, SEEK_SET) != 0)
      return fail(s, EH_MACHINE, "its temporary copy cannot be read again", error);
  } else if (lseek(s->descriptor, 0, SEEK_SET) != 0) {
    return fail(s, EH_BAD_INPUT, "cannot be read a second time", error);
  }
  return start(s, error);
}

bool eh_source_is_plain(const struct eh_source *s) {
  return s->is_regular && !s->was_folded && !s->container && !s->is_utf16 && s->size >= s->bom;
}

uint64_t eh_source_length(const struct eh_source *s) { return s->size - s->bom; }
uint64_t eh_source_size(const struct eh_source *s) { return s->size; }

enum eh_status eh_source_read_at(const struct eh_source *s, uint64_t offset, char *buffer,
                                 size_t wanted, size_t *got, struct eh_error *error) {
  return read_from(s, s->descriptor, offset + s->bom, buffer, wanted, got, error);
}

enum eh_status eh_source_hash(struct eh_source *s, struct eh_error *error) {
  char unused[65];
  if (s->digest) eh_digest_finish(s->digest, unused); /* began with the header */
  s->digest = eh_digest_new();
  char *step = eh_alloc(HASH_STEP, 1);
  enum eh_status status = EH_OK;
  for (uint64_t offset = 0; status == EH_OK && offset < s->size;) {
    size_t wanted = s->size - offset < HASH_STEP ? (size_t)(s->size - offset) : HASH_STEP, got;
    status = read_from(s, s->descriptor, offset, step, wanted, &got, error);
    if (status != EH_OK || got == 0) break;
    eh_digest_add(s->digest, step, got);
    offset += got;
  }
  free(step);
  return status;
}

static bool is_same_time(struct timespec a, struct timespec b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

enum eh_status eh_source_check_unchanged(const struct eh_source *s, struct eh_error *error) {
  struct stat now;
  if (!s->is_regular) return EH_OK;
  if (fstat(s->descriptor, &now) == 0 && now.st_size == s->opened.st_size &&
      is_same_time(now.st_mtim, s->opened.st_mtim) && is_same_time(now.st_ctim, s->opened.st_ctim))
    return EH_OK;
  return fail(s, EH_BAD_INPUT,
              "changed while it was being read; run again on a file that is at rest", error);
}

const char *eh_source_name(const struct eh_source *s) { return s->name; }
const char *eh_source_encoding(const struct eh_source *s) { return s->encoding; }
uint64_t eh_source_bytes(const struct eh_source *s) { return s->bytes; }
const struct eh_container *eh_source_container(const struct eh_source *s) { return s->container; }

bool eh_source_is_table(const struct eh_source *s) {
  return s->container && eh_container_is_table(s->container);
}

uint64_t eh_source_row(const struct eh_source *s, uint64_t line) {
  return s->container ? eh_container_row(s->container, line) : line;
}

void eh_source_place_error(const struct eh_source *s, struct eh_error *error) {
  if (!s || !eh_source_is_table(s) || !error->line || strcmp(error->file, s->name) != 0) return;
  const char *sheet = eh_container_sheet(s->container), *word = eh_container_place(s->container);
  uint64_t row = eh_source_row(s, error->line);
  struct eh_buffer place = {0};
  eh_buffer_printf(&place, "%.300s", s->name);
  if (sheet) eh_buffer_printf(&place, ", sheet %.100s", sheet);
  if (row) eh_buffer_printf(&place, ", %s %llu", word, (unsigned long long)row);
  snprintf(error->file, sizeof error->file, "%s", place.text);
  eh_buffer_free(&place);
  error->line = error->column = 0;
}

void eh_source_sha256(struct eh_source *s, char hex[65]) {
  hex[0] = '\0';
  if (s->digest) eh_digest_finish(s->digest, hex);
  s->digest = NULL;
}
