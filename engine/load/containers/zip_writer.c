#include "engine/load/containers/zip_writer.h"

#include <minizip/zip.h>
#include <stdlib.h>

#include "engine/base/date.h"
#include "engine/base/digest.h"
#include "engine/base/memory.h"

enum { STEP = 1 << 18, FIRST_YEAR = 1980 };
static const uint64_t LARGE = UINT64_C(0xffffffff); /* from here on an entry needs Zip64 */

struct eh_zip_writer {
  zipFile file;
  zip_fileinfo info;
};

static enum eh_status failed(struct eh_error *error) {
  return eh_fail(error, EH_MACHINE, "the package cannot be written; is the disk full?");
}

enum eh_status eh_zip_writer_open(struct eh_zip_writer **writer, const char *path, int32_t day,
                                  struct eh_error *error) {
  struct eh_civil date = eh_date_to_civil(day);
  if (date.year < FIRST_YEAR) date = (struct eh_civil){FIRST_YEAR, 1, 1};
  zipFile file = zipOpen64(path, APPEND_STATUS_CREATE);
  if (!file) return failed(error);
  *writer = eh_alloc_zeroed(1, sizeof **writer);
  (*writer)->file = file;
  (*writer)->info.tmz_date = (tm_zip){.tm_mday = (unsigned)date.day,
                                      .tm_mon = (unsigned)date.month - 1,
                                      .tm_year = (unsigned)date.year};
  return EH_OK;
}

static bool copy(struct eh_zip_writer *w, FILE *stream, uint64_t *bytes, char hex[65]) {
  struct eh_digest *digest = eh_digest_new();
  char *step = eh_alloc(STEP, 1);
  bool is_sound = true;
  *bytes = 0;
  for (size_t got = STEP; is_sound && got == STEP;) {
    got = fread(step, 1, STEP, stream);
    eh_digest_add(digest, step, got);
    *bytes += got;
    is_sound = !ferror(stream) &&
               (got == 0 || zipWriteInFileInZip(w->file, step, (unsigned)got) == ZIP_OK);
  }
  free(step);
  eh_digest_finish(digest, hex);
  return is_sound;
}

enum eh_status eh_zip_writer_add(struct eh_zip_writer *w, const char *name, FILE *stream,
                                 uint64_t *bytes, char hex[65], struct eh_error *error) {
  if (fflush(stream) != 0 || fseeko(stream, 0, SEEK_END) != 0) return failed(error);
  off_t length = ftello(stream);
  if (length < 0 || fseeko(stream, 0, SEEK_SET) != 0) return failed(error);
  int answer = zipOpenNewFileInZip64(w->file, name, &w->info, NULL, 0, NULL, 0, NULL, Z_DEFLATED,
                                     Z_DEFAULT_COMPRESSION, (uint64_t)length >= LARGE);
  if (answer != ZIP_OK) return failed(error);
  bool is_sound = copy(w, stream, bytes, hex);
  return zipCloseFileInZip(w->file) == ZIP_OK && is_sound ? EH_OK : failed(error);
}

enum eh_status eh_zip_writer_close(struct eh_zip_writer *w, struct eh_error *error) {
  int answer = zipClose(w->file, NULL);
  free(w);
  return answer == ZIP_OK ? EH_OK : failed(error);
}

void eh_zip_writer_free(struct eh_zip_writer *w) {
  if (!w) return;
  (void)zipClose(w->file, NULL);
  free(w);
}
