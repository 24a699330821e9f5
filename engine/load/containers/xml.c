#include "engine/load/containers/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 1 << 16 };

struct eh_xml {
  struct eh_zip *zip;
  const char *part;
  XML_Parser parser;
  const struct eh_xml_calls *calls;
  void *context;
  unsigned depth;
  bool failed, at_end, paused;
  struct eh_error error; /* where failed */
};

/* Once a call has failed, those of the same step still come. */
void eh_xml_fail(struct eh_xml *xml, const struct eh_error *error) {
  if (xml->failed) return;
  xml->failed = true;
  xml->error = *error;
  XML_StopParser(xml->parser, XML_FALSE);
}

void eh_xml_pause(struct eh_xml *xml) {
  if (!xml->failed && !xml->paused) XML_StopParser(xml->parser, XML_TRUE);
  xml->paused = true;
}

static void start(void *context, const XML_Char *name, const XML_Char **attributes) {
  struct eh_xml *xml = context;
  if (xml->failed) return;
  if (++xml->depth > EH_DEEPEST) {
    struct eh_error error;
    (void)!eh_zip_damaged(xml->zip, &error, "%.300s nests elements more than 1,000 deep",
                          xml->part);
    eh_xml_fail(xml, &error);
    return;
  }
  xml->calls->start(xml->context, name, attributes);
}

static void end(void *context, const XML_Char *name) {
  struct eh_xml *xml = context;
  xml->depth--;
  if (xml->calls->end && !xml->failed) xml->calls->end(xml->context, name);
}

static void text(void *context, const XML_Char *text_bytes, int length) {
  struct eh_xml *xml = context;
  if (!xml->failed) xml->calls->text(xml->context, text_bytes, length);
}

static void refuse_type(void *context, const XML_Char *name, const XML_Char *system,
                        const XML_Char *public, int has_subset) {
  (void)name, (void)system, (void)public, (void)has_subset;
  struct eh_xml *xml = context;
  struct eh_error error;
  (void)!eh_fail_at(&error, EH_BAD_INPUT, eh_zip_file(xml->zip), 0, 0,
                    "has a document type declaration, which no workbook has; evenhand does not "
                    "open such files");
  eh_xml_fail(xml, &error);
}

enum eh_status eh_xml_open(struct eh_xml **xml, struct eh_zip *zip, size_t entry,
                           const struct eh_xml_calls *calls, void *context,
                           struct eh_error *error) {
  *xml = NULL;
  EH_TRY(eh_zip_begin(zip, entry, error));
  struct eh_xml *x = *xml = eh_alloc_zeroed(1, sizeof *x);
  x->zip = zip;
  x->part = eh_zip_name(zip, entry);
  x->calls = calls;
  x->context = context;
  x->parser = XML_ParserCreateNS(NULL, ' ');
  if (!x->parser) eh_out_of_memory();
  XML_SetUserData(x->parser, x);
  XML_SetElementHandler(x->parser, start, end);
  if (calls->text) XML_SetCharacterDataHandler(x->parser, text);
  XML_SetStartDoctypeDeclHandler(x->parser, refuse_type);
  return EH_OK;
}

void eh_xml_free(struct eh_xml *xml) {
  if (!xml) return;
  XML_ParserFree(xml->parser);
  free(xml);
}

/* What is wrong with the part may be the fault of its bytes: those are checked behind the last. */
static enum eh_status check_bytes(struct eh_xml *xml, struct eh_error *error) {
  char unused[4096];
  struct eh_error other;
  enum eh_status status = EH_OK;
  for (size_t got = 1; status == EH_OK && got > 0;)
    status = eh_zip_read(xml->zip, unused, sizeof unused, &got, &other);
  if (status != EH_OK) *error = other;
  return error->code;
}

static enum eh_status settle(struct eh_xml *xml, enum XML_Status result, bool is_last,
                             struct eh_error *error) {
  if (xml->failed) {
    *error = xml->error;
    return check_bytes(xml, error);
  }
  xml->paused = result == XML_STATUS_SUSPENDED;
  if (result == XML_STATUS_ERROR) {
    enum XML_Error code = XML_GetErrorCode(xml->parser);
    if (code == XML_ERROR_NO_MEMORY) eh_out_of_memory();
    if (is_last && code == XML_ERROR_UNCLOSED_TOKEN) code = XML_ERROR_NO_ELEMENTS; /* it ends */
    (void)!eh_zip_damaged(xml->zip, error, "%.300s is not well-formed XML: %s", xml->part,
                          XML_ErrorString(code));
    return check_bytes(xml, error);
  }
  xml->at_end = is_last && !xml->paused;
  return EH_OK;
}

enum eh_status eh_xml_step(struct eh_xml *xml, bool *at_end, struct eh_error *error) {
  enum eh_status status;
  if (xml->paused) {
    XML_ParsingStatus parsing;
    XML_GetParsingStatus(xml->parser, &parsing);
    xml->paused = false;
    status = settle(xml, XML_ResumeParser(xml->parser), parsing.finalBuffer, error);
  } else {
    size_t got;
    void *buffer = XML_GetBuffer(xml->parser, STEP);
    if (!buffer) eh_out_of_memory();
    EH_TRY(eh_zip_read(xml->zip, buffer, STEP, &got, error));
    status = settle(xml, XML_ParseBuffer(xml->parser, (int)got, got == 0), got == 0, error);
  }
  *at_end = xml->at_end;
  return status;
}

enum eh_status eh_xml_parse(struct eh_xml **xml, struct eh_zip *zip, size_t entry,
                            const struct eh_xml_calls *calls, void *context,
                            struct eh_error *error) {
  EH_TRY(eh_xml_open(xml, zip, entry, calls, context, error));
  enum eh_status status = EH_OK;
  for (bool at_end = false; status == EH_OK && !at_end;) status = eh_xml_step(*xml, &at_end, error);
  eh_xml_free(*xml);
  *xml = NULL;
  return status;
}

const char *eh_xml_local(const char *name, const char *const *spaces) {
  for (; *spaces; spaces++) {
    size_t length = strlen(*spaces);
    if (strncmp(name, *spaces, length) == 0 && name[length] == ' ') return name + length + 1;
  }
  return NULL;
}

const char *eh_xml_attribute(const char **attributes, const char *name) {
  for (; *attributes; attributes += 2)
    if (strcmp(attributes[0], name) == 0) return attributes[1];
  return NULL;
}
