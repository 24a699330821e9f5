/* The objects of the findings file as tables of members: a row for each name, in the order of the
 * file. To add a name: a row, and its line in reports/README.md.
 *
 *   {"rate", EH_JSON_FIGURE(struct eh_result, share.rate)}
 *   {"outlier", EH_JSON_OBJECT(outlier)}                      outlier: a table of its own
 *   {"within", .set = set_within}                             anything else: a function
 */
#ifndef EVENHAND_REPORTS_JSON_MEMBERS_H
#define EVENHAND_REPORTS_JSON_MEMBERS_H

#include "engine/audit/result.h"
#include "reports/data/json_stream.h"

/* What an object is about. */
struct eh_json_subject {
  const struct eh_rules *rules;
  const struct eh_comparison_result *comparison;
  const struct eh_result *result; /* NULL in the object of a comparison */
};

struct eh_json_member {
  const char *name; /* NULL ends a table */
  void (*set)(json_t *object, const struct eh_json_member *member,
              const struct eh_json_subject *subject);
  size_t at;       /* of the setters below: where in the result, or else in the comparison */
  const char *why; /* of a text: the reason where it is NULL */
  const struct eh_json_member *members; /* of an object */
};

#define EH_JSON_AT(type, part) .at = offsetof(type, part)
#define EH_JSON_COUNT(type, part) .set = eh_json_member_count, EH_JSON_AT(type, part)
#define EH_JSON_FLAG(type, part) .set = eh_json_member_flag, EH_JSON_AT(type, part)
#define EH_JSON_FIGURE(type, part) .set = eh_json_member_figure, EH_JSON_AT(type, part)
#define EH_JSON_INTERVAL(type, part) .set = eh_json_member_interval, EH_JSON_AT(type, part)
#define EH_JSON_TEST(type, part) .set = eh_json_member_test, EH_JSON_AT(type, part)
#define EH_JSON_TEXT(type, part, reason) \
  .set = eh_json_member_text, EH_JSON_AT(type, part), .why = (reason)
#define EH_JSON_TEXTS(type, part) .set = eh_json_member_texts, EH_JSON_AT(type, part)
#define EH_JSON_OBJECT(table) .set = eh_json_member_object, .members = (table)

#define EH_JSON_SETTER(name)                                     \
  void name(json_t *object, const struct eh_json_member *member, \
            const struct eh_json_subject *subject)
EH_JSON_SETTER(eh_json_member_count);    /* uint64_t or size_t */
EH_JSON_SETTER(eh_json_member_flag);     /* bool */
EH_JSON_SETTER(eh_json_member_figure);   /* struct eh_figure */
EH_JSON_SETTER(eh_json_member_interval); /* struct eh_interval */
EH_JSON_SETTER(eh_json_member_test);     /* struct eh_test, with its degrees of freedom */
EH_JSON_SETTER(eh_json_member_text);     /* const char * */
EH_JSON_SETTER(eh_json_member_texts);    /* struct eh_texts */
EH_JSON_SETTER(eh_json_member_object);

/* An object with the members of a table. */
json_t *eh_json_members(const struct eh_json_member *members,
                        const struct eh_json_subject *subject);
/* What a setter's value stands at. */
const void *eh_json_place(const struct eh_json_member *member,
                          const struct eh_json_subject *subject);

json_t *eh_json_texts(const char *const *items, size_t count);
/* Reasons for which records are left out, and how many are. */
json_t *eh_json_exclusions(const struct eh_exclusion *items, size_t count);

/* All of a comparison but its results; and one of those. */
extern const struct eh_json_member eh_json_comparison_members[];
extern const struct eh_json_member eh_json_result_members[];

#endif
