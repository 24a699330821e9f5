/* A part of a zip parsed as XML, a step at a time.
 *
 * Names come as "NAMESPACE LOCAL", whatever prefix the part gives them. A document type is refused,
 * and so are elements nested deeper than EH_DEEPEST.
 */
#ifndef EVENHAND_LOAD_XML_H
#define EVENHAND_LOAD_XML_H

#include "engine/load/containers/zip.h"

enum { EH_DEEPEST = 1000 };

struct eh_xml;

/* What is told of the part; attributes: name and value by turns, NULL at the end. */
struct eh_xml_calls {
  void (*start)(void *context, const char *name, const char **attributes);
  void (*end)(void *context, const char *name); /* may be NULL, like text */
  void (*text)(void *context, const char *text, int length);
};

/* The zip reads no other part until this one is freed. */
enum eh_status eh_xml_open(struct eh_xml **xml, struct eh_zip *zip, size_t entry,
                           const struct eh_xml_calls *calls, void *context,
                           struct eh_error *error) EH_MUST_USE;
void eh_xml_free(struct eh_xml *xml);
/* Parse some more; *at_end once all was. */
enum eh_status eh_xml_step(struct eh_xml *xml, bool *at_end, struct eh_error *error) EH_MUST_USE;

/* For the calls: give up, with an error that eh_xml_step returns; or end this step soon. */
void eh_xml_fail(struct eh_xml *xml, const struct eh_error *error);
void eh_xml_pause(struct eh_xml *xml);

/* All of a part at once; *xml is there for the calls, and gone afterwards. */
enum eh_status eh_xml_parse(struct eh_xml **xml, struct eh_zip *zip, size_t entry,
                            const struct eh_xml_calls *calls, void *context,
                            struct eh_error *error) EH_MUST_USE;

/* The local part of a name, where its namespace is one of these (NULL at the end), or NULL. */
const char *eh_xml_local(const char *name, const char *const *spaces);
/* The value of an attribute that has no namespace, or NULL. */
const char *eh_xml_attribute(const char **attributes, const char *name);

#endif
