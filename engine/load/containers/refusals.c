#include "engine/load/containers/refusals.h"

#include <string.h>
#include <strings.h>

#define OPEN_AND_SAVE "; open it in Excel or LibreOffice and save it as .xlsx or CSV"
#define SAVE_AS_CSV "; save the records as CSV where they come from"
#define UNPACK "; unpack it and give the records themselves"

enum eh_status eh_refuse_encrypted(const char *name, struct eh_error *error) {
  return eh_fail_at(error, EH_BAD_INPUT, name, 0, 0,
                    "is protected by a password (encrypted); evenhand opens no protected files: "
                    "open it in Excel or LibreOffice and save a copy without a password");
}

static enum eh_status refuse(const char *name, const char *why, struct eh_error *error) {
  return eh_fail_at(error, EH_BAD_INPUT, name, 0, 0, "%s", why);
}

/* --- by their first bytes --- */

struct mark {
  size_t offset;
  const char *bytes;
  size_t length;
  const char *why;
};
#define MARK(offset, bytes) offset, bytes, sizeof(bytes) - 1

static const struct mark marks[] = {
    {MARK(0, "%PDF-"), "is a PDF, not a workbook; ask for the table that it was made from, as CSV "
                       "or .xlsx"},
    {MARK(0, "{\\rtf"), "is a text document (RTF), not a workbook" SAVE_AS_CSV},
    {MARK(0, "PAR1"), "is a Parquet file, which evenhand does not read" SAVE_AS_CSV},
    {MARK(0, "ARROW1"), "is an Arrow file, which evenhand does not read" SAVE_AS_CSV},
    {MARK(0, "SQLite format 3"), "is an SQLite database; audit it with --from "
                                 "'Driver=SQLite3;Database=FILE' --table NAME"},
    {MARK(4, "Standard Jet DB"), "is an Access database" SAVE_AS_CSV},
    {MARK(4, "Standard ACE DB"), "is an Access database" SAVE_AS_CSV},
    {MARK(0, "RDX2"), "is a file of R (.RData)" SAVE_AS_CSV " (write.csv)"},
    {MARK(0, "RDX3"), "is a file of R (.RData)" SAVE_AS_CSV " (write.csv)"},
    {MARK(0, "X\n\0\0\0"), "is a file of R (.rds)" SAVE_AS_CSV " (write.csv)"},
    {MARK(0, "7z\xbc\xaf\x27\x1c"), "is a 7z archive, which evenhand does not read" UNPACK},
    {MARK(0, "Rar!\x1a\x07"), "is a RAR archive, which evenhand does not read" UNPACK},
    {MARK(0, "BZh"), "is compressed with bzip2, which evenhand does not read" UNPACK},
    {MARK(0, "\xfd" "7zXZ"), "is compressed with xz, which evenhand does not read" UNPACK},
    {MARK(257, "ustar"), "is a tar archive, which evenhand does not read" UNPACK},
    {MARK(0, "\x89PNG\r\n"), "is a picture (PNG), not records"},
    {MARK(0, "\xff\xd8\xff"), "is a picture (JPEG), not records"},
};

/* bzip2's mark is three letters, which a header may begin with. */
static bool is_marked(const struct mark *mark, const char *bytes, size_t length) {
  if (length < mark->offset + mark->length ||
      memcmp(bytes + mark->offset, mark->bytes, mark->length) != 0)
    return false;
  if (strcmp(mark->bytes, "BZh") != 0) return true;
  return length >= 10 && memcmp(bytes + 4, "1AY&SY", 6) == 0;
}

/* --- text of another kind --- */

static bool begins(const char *text, size_t length, const char *word) {
  size_t letters = strlen(word);
  return length >= letters && strncasecmp(text, word, letters) == 0;
}

static bool holds(const char *text, size_t length, const char *word) {
  return memmem(text, length, word, strlen(word)) != NULL;
}

static const char *why_xml(const char *text, size_t length) {
  if (holds(text, length, "urn:schemas-microsoft-com:office:spreadsheet"))
    return "is an XML Spreadsheet 2003 file, not a workbook" OPEN_AND_SAVE;
  if (holds(text, length, "urn:oasis:names:tc:opendocument"))
    return "is a flat OpenDocument file (.fods), not a workbook; open it in Excel or LibreOffice "
           "and save it as .ods, .xlsx or CSV";
  if (holds(text, length, "<html") || holds(text, length, "<HTML") ||
      holds(text, length, "www.w3.org/1999/xhtml"))
    return "is a web page (HTML), not a workbook" OPEN_AND_SAVE;
  return "is XML, not delimited text or a workbook" SAVE_AS_CSV;
}

/* { "name" or [ { : no header begins so. */
static bool is_json(const char *text, size_t length) {
  if (length == 0 || (text[0] != '{' && text[0] != '[')) return false;
  size_t at = 1;
  while (at < length && strchr(" \t\r\n", text[at])) at++;
  return at < length && (text[0] == '{' ? text[at] == '"' : text[at] == '{');
}

static const char *why_text(const char *text, size_t length) {
  static const char *const pages[] = {"<html", "<!doctype html", "<table", "<head", "<body",
                                      "<meta", "<style", "<div"};
  if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
    length -= 3;
  }
  while (length && strchr(" \t\r\n", *text)) {
    text++;
    length--;
  }
  for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
    if (begins(text, length, pages[i])) return "is a web page (HTML), not a workbook" OPEN_AND_SAVE;
  if (begins(text, length, "<?xml") || begins(text, length, "<!doctype"))
    return why_xml(text, length);
  if (begins(text, length, "MIME-Version:") && holds(text, length, "multipart/related"))
    return "is a web page (MHTML), not a workbook" OPEN_AND_SAVE;
  if (is_json(text, length))
    return "is JSON, which evenhand does not read; save the records as CSV, one line each";
  return NULL;
}

enum eh_status eh_refuse_beginning(const char *name, const char *bytes, size_t length,
                                   struct eh_error *error) {
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
    if (is_marked(&marks[i], bytes, length)) return refuse(name, marks[i].why, error);
  const char *why = why_text(bytes, length);
  return why ? refuse(name, why, error) : EH_OK;
}

/* --- OLE --- */

bool eh_is_ole(const char *bytes, size_t length) {
  return length >= 8 && memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

/* The streams that tell; names are UTF-16 in the file's directory, wherever that stands. */
static const struct {
  const char *name;
  size_t length;
  const char *why; /* NULL: encrypted */
} streams[] = {
    {"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e", 31, NULL},
    {"W\0o\0r\0k\0b\0o\0o\0k\0\0", 18,
     "is an Excel 97-2003 workbook (.xls), which evenhand does not read" OPEN_AND_SAVE},
    {"B\0o\0o\0k\0\0", 10,
     "is an Excel 5.0/95 workbook (.xls), which evenhand does not read" OPEN_AND_SAVE},
    {"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t", 23, "is a Word document, not a workbook" SAVE_AS_CSV},
};
enum { STREAMS = sizeof streams / sizeof streams[0], BLOCK = 1 << 16, OVERLAP = 64 };

enum eh_status eh_refuse_ole(const struct eh_stored *stored, struct eh_error *error) {
  char block[BLOCK];
  bool is_there[STREAMS] = {false};
  for (uint64_t at = 0; at < stored->size; at += BLOCK - OVERLAP) {
    size_t got;
    EH_TRY(stored->read_at(stored->context, at, block, BLOCK, &got, error));
    for (size_t i = 0; i < STREAMS; i++)
      is_there[i] |= memmem(block, got, streams[i].name, streams[i].length) != NULL;
  }
  for (size_t i = 0; i < STREAMS; i++) {
    if (!is_there[i]) continue;
    return streams[i].why ? refuse(stored->name, streams[i].why, error)
                          : eh_refuse_encrypted(stored->name, error);
  }
  return refuse(stored->name,
                "is a file of an old Microsoft program, which evenhand does not read" SAVE_AS_CSV,
                error);
}
