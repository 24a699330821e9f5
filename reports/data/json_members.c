#include "reports/data/json_members.h"

#include "reports/data/json_figures.h"

const void *eh_json_place(const struct eh_json_member *member,
                          const struct eh_json_subject *subject) {
  const char *base =
      subject->result ? (const char *)subject->result : (const char *)subject->comparison;
  return base + member->at;
}

EH_JSON_SETTER(eh_json_member_count) {
  _Static_assert(sizeof(size_t) == sizeof(uint64_t), "sizes are written as counts");
  eh_json_set_count(object, member->name, *(const uint64_t *)eh_json_place(member, subject));
}

EH_JSON_SETTER(eh_json_member_flag) {
  const bool *flag = eh_json_place(member, subject);
  eh_json_set(object, member->name, json_boolean(*flag));
}

EH_JSON_SETTER(eh_json_member_figure) {
  const struct eh_figure *figure = eh_json_place(member, subject);
  eh_json_set_figure(object, member->name, *figure);
}

EH_JSON_SETTER(eh_json_member_interval) {
  eh_json_set(object, member->name, eh_json_interval(eh_json_place(member, subject)));
}

EH_JSON_SETTER(eh_json_member_test) {
  eh_json_set(object, member->name, eh_json_test(eh_json_place(member, subject), true));
}

EH_JSON_SETTER(eh_json_member_text) {
  const char *text = *(const char *const *)eh_json_place(member, subject);
  if (text)
    eh_json_set_text(object, member->name, text);
  else
    eh_json_set_null(object, member->name, member->why);
}

EH_JSON_SETTER(eh_json_member_texts) {
  const struct eh_texts *texts = eh_json_place(member, subject);
  eh_json_set(object, member->name, eh_json_texts(texts->items, texts->count));
}

EH_JSON_SETTER(eh_json_member_object) {
  eh_json_set(object, member->name, eh_json_members(member->members, subject));
}

json_t *eh_json_members(const struct eh_json_member *members,
                        const struct eh_json_subject *subject) {
  json_t *object = eh_json_object();
  for (; members->name; members++) members->set(object, members, subject);
  return object;
}

json_t *eh_json_texts(const char *const *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) eh_json_append(array, eh_json_text(items[i]));
  return array;
}

json_t *eh_json_exclusions(const struct eh_exclusion *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *object = eh_json_object();
    eh_json_set_text(object, "reason", items[i].reason);
    eh_json_set_count(object, "records", items[i].records);
    eh_json_append(array, object);
  }
  return array;
}
