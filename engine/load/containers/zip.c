#include "engine/load/containers/zip.h"

#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_NAME = 1024, MOST_ENTRIES = 100000 };

struct entry {
  const char *name;
  unz64_file_pos place;
  uint64_t stored; /* bytes, as the directory says, but no more than the file has */
  bool is_encrypted;
};

struct eh_zip {
  struct eh_arena *arena;
  struct eh_stored stored;
  const char *what;
  unzFile file;
  struct entry *entries;
  size_t count;
  struct entry *open; /* the entry being read; NULL: none */
  uint64_t unpacked;  /* of it */
};

/* --- the file, as minizip asks for it --- */

struct cursor {
  const struct eh_stored *stored;
  uint64_t at;
};

static voidpf open_cursor(voidpf opaque, const void *name, int mode) {
  (void)name, (void)mode;
  struct cursor *cursor = eh_alloc_zeroed(1, sizeof *cursor);
  cursor->stored = opaque;
  return cursor;
}

static uLong read_cursor(voidpf opaque, voidpf stream, void *buffer, uLong wanted) {
  (void)opaque;
  struct cursor *cursor = stream;
  struct eh_error unused;
  size_t got = 0;
  if (cursor->stored->read_at(cursor->stored->context, cursor->at, buffer, wanted, &got, &unused) !=
      EH_OK)
    return 0;
  cursor->at += got;
  return got;
}

static uLong write_cursor(voidpf opaque, voidpf stream, const void *buffer, uLong wanted) {
  (void)opaque, (void)stream, (void)buffer, (void)wanted;
  return 0;
}

static ZPOS64_T tell_cursor(voidpf opaque, voidpf stream) {
  (void)opaque;
  return ((struct cursor *)stream)->at;
}

static long seek_cursor(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin) {
  (void)opaque;
  struct cursor *cursor = stream;
  uint64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? cursor->at
                  : origin == ZLIB_FILEFUNC_SEEK_END ? cursor->stored->size
                                                     : 0;
  if (from + offset > cursor->stored->size) return -1;
  cursor->at = from + offset;
  return 0;
}

static int close_cursor(voidpf opaque, voidpf stream) {
  (void)opaque;
  free(stream);
  return 0;
}

static int test_cursor(voidpf opaque, voidpf stream) {
  (void)opaque, (void)stream;
  return 0;
}

/* --- entries --- */

enum eh_status eh_zip_damaged(const struct eh_zip *zip, struct eh_error *error, const char *format,
                              ...) {
  char reason[700];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  return eh_fail_at(error, EH_BAD_INPUT, zip->stored.name, 0, 0, "is a damaged %s (%s)", zip->what,
                    reason);
}

static enum eh_status list_entries(struct eh_zip *zip, struct eh_error *error) {
  unz_global_info64 info;
  if (unzGetGlobalInfo64(zip->file, &info) != UNZ_OK || info.number_entry > MOST_ENTRIES)
    return eh_zip_damaged(zip, error, "its list of entries cannot be read");
  zip->entries = eh_arena_alloc(zip->arena, (size_t)info.number_entry + 1, sizeof *zip->entries);
  for (int result = unzGoToFirstFile(zip->file);
       info.number_entry && result != UNZ_END_OF_LIST_OF_FILE;
       result = unzGoToNextFile(zip->file)) {
    char name[LONGEST_NAME + 1] = "";
    unz_file_info64 about;
    struct entry *entry = &zip->entries[zip->count];
    if (result != UNZ_OK || zip->count == info.number_entry ||
        unzGetCurrentFileInfo64(zip->file, &about, name, LONGEST_NAME, NULL, 0, NULL, 0) !=
            UNZ_OK ||
        unzGetFilePos64(zip->file, &entry->place) != UNZ_OK)
      return eh_zip_damaged(zip, error, "its list of entries cannot be read");
    entry->name = eh_arena_string(zip->arena, name);
    entry->is_encrypted = about.flag & 1;
    entry->stored =
        about.compressed_size < zip->stored.size ? about.compressed_size : zip->stored.size;
    zip->count++;
  }
  return EH_OK;
}

/* Nothing but the end of an empty list, where minizip finds no list at all. */
static bool is_empty(const struct eh_stored *stored) {
  enum { END_BYTES = 22 };
  char mark[4];
  size_t got;
  struct eh_error unused;
  return stored->size == END_BYTES &&
         stored->read_at(stored->context, 0, mark, sizeof mark, &got, &unused) == EH_OK &&
         got == sizeof mark && memcmp(mark, "PK\5\6", 4) == 0;
}

enum eh_status eh_zip_open(struct eh_zip **zip, const struct eh_stored *stored,
                           struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_zip *z = *zip = eh_arena_alloc(arena, 1, sizeof *z);
  z->arena = arena;
  z->stored = *stored;
  z->what = "workbook";
  zlib_filefunc64_def calls = {open_cursor, read_cursor,  write_cursor, tell_cursor,
                               seek_cursor, close_cursor, test_cursor,  &z->stored};
  z->file = unzOpen2_64(stored->name, &calls);
  enum eh_status status = EH_OK;
  if (z->file)
    status = list_entries(z, error);
  else if (!is_empty(stored))
    status = eh_zip_damaged(z, error, "the zip ends early; was the copy or download cut off?");
  if (status == EH_OK) return EH_OK;
  eh_zip_free(z);
  *zip = NULL;
  return status;
}

void eh_zip_free(struct eh_zip *zip) {
  if (!zip) return;
  if (zip->open) unzCloseCurrentFile(zip->file);
  if (zip->file) unzClose(zip->file);
  eh_arena_free(zip->arena);
}

void eh_zip_call(struct eh_zip *zip, const char *what) { zip->what = what; }
size_t eh_zip_count(const struct eh_zip *zip) { return zip->count; }
const char *eh_zip_name(const struct eh_zip *zip, size_t entry) { return zip->entries[entry].name; }
const char *eh_zip_file(const struct eh_zip *zip) { return zip->stored.name; }

bool eh_zip_is_encrypted(const struct eh_zip *zip, size_t entry) {
  return zip->entries[entry].is_encrypted;
}

static bool is_same_name(const char *a, const char *b) {
  for (; *a && *b; a++, b++) {
    char x = *a == '\\' ? '/' : *a, y = *b == '\\' ? '/' : *b;
    if (strncasecmp(&x, &y, 1) != 0) return false;
  }
  return *a == *b;
}

size_t eh_zip_find(const struct eh_zip *zip, const char *name) {
  for (size_t i = 0; i < zip->count; i++)
    if (is_same_name(zip->entries[i].name, name)) return i;
  return SIZE_MAX;
}

/* --- reading --- */

static enum eh_status cannot_unpack(const struct eh_zip *zip, struct eh_error *error) {
  return eh_zip_damaged(zip, error, "%.300s cannot be unpacked", zip->open->name);
}

enum eh_status eh_zip_begin(struct eh_zip *zip, size_t entry, struct eh_error *error) {
  if (zip->open) unzCloseCurrentFile(zip->file);
  zip->open = &zip->entries[entry];
  zip->unpacked = 0;
  if (unzGoToFilePos64(zip->file, &zip->open->place) == UNZ_OK &&
      unzOpenCurrentFile(zip->file) == UNZ_OK)
    return EH_OK;
  enum eh_status status = cannot_unpack(zip, error);
  zip->open = NULL;
  return status;
}

static enum eh_status check_unpacked(const struct eh_zip *zip, struct eh_error *error) {
  if (zip->unpacked <= EH_PART_UNASKED || zip->unpacked / EH_MOST_UNPACKED <= zip->open->stored)
    return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, zip->stored.name, 0, 0,
                    "holds a part that unpacks to more than %d times its size (%.300s); evenhand "
                    "does not open such files",
                    EH_MOST_UNPACKED, zip->open->name);
}

enum eh_status eh_zip_read(struct eh_zip *zip, char *buffer, size_t wanted, size_t *got,
                           struct eh_error *error) {
  *got = 0;
  if (!zip->open) return EH_OK;
  int length = unzReadCurrentFile(zip->file, buffer, (unsigned)wanted);
  if (length < 0 || (length == 0 && !unzeof(zip->file))) return cannot_unpack(zip, error);
  *got = (size_t)length;
  zip->unpacked += *got;
  if (length > 0) return check_unpacked(zip, error);
  if (unzCloseCurrentFile(zip->file) != UNZ_OK) return cannot_unpack(zip, error);
  zip->open = NULL;
  return EH_OK;
}
