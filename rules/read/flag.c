/* `flag`: what is worth flagging. */
#include <string.h>

#include "rules/language/question.h"
#include "rules/read/internal.h"

static void read_rate(struct eh_reader *reader, const struct eh_node *node, double *rate) {
  double share;
  if (eh_read_share(node, false, &share) && share > 0 && share <= 0.5)
    *rate = share;
  else
    eh_read_expected(reader, node, "`false_discovery_rate`",
                     "a share above 0 and up to 0.5, such as 0.05 or 5%");
}

static void read_difference(struct eh_reader *reader, const struct eh_node *node,
                            double *difference) {
  double share;
  bool is_share = eh_read_share(node, true, &share);
  if (is_share && share >= 0 && share < 1)
    *difference = share;
  else
    eh_read_expected(reader, node, "`smallest_difference`",
                     "0 to under 100 percentage points, such as 10 points, 10% or 0.1");
}

static bool read_keys(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"false_discovery_rate",
                                     "smallest_difference",
                                     "smallest_caseload",
                                     "confidence",
                                     "test",
                                     "family",
                                     "dependence",
                                     "multiplicity",
                                     "seed"};
  if (!node || !eh_read_map(reader, node, "`flag`", keys, sizeof keys / sizeof keys[0]))
    return false;
  const struct eh_node *dependence = eh_read_get(node, "dependence");
  if (dependence && eh_read_get(node, "multiplicity"))
    eh_read_problem(reader, dependence->key_place,
                    "`dependence` and `multiplicity` say the same thing; remove `multiplicity`");
  return true;
}

/* seed: NULL in a measure's own flag. */
static void read_item(struct eh_reader *reader, const struct eh_node *item, struct eh_flag *flag,
                      uint64_t *seed) {
  static const char *const tests[] = {[EH_TEST_EXACT] = "exact", [EH_TEST_CMH] = "cmh"};
  static const char *const multiplicities[] = {[EH_BENJAMINI_HOCHBERG] = "benjamini-hochberg",
                                               [EH_ANY_DEPENDENCE] = "any-dependence",
                                               [EH_NESTED] = "nested"};
  static const char *const dependences[] = {"positive", "any"};
  int word = -1;
  if (strcmp(item->key, "false_discovery_rate") == 0) {
    read_rate(reader, item, &flag->false_discovery_rate);
  } else if (strcmp(item->key, "smallest_difference") == 0) {
    read_difference(reader, item, &flag->smallest_difference);
  } else if (strcmp(item->key, "smallest_caseload") == 0) {
    eh_read_count(reader, item, "`smallest_caseload`", 1, 1000000000, &flag->smallest_caseload);
  } else if (strcmp(item->key, "confidence") == 0) {
    eh_read_confidence(reader, item, &flag->confidence);
  } else if (strcmp(item->key, "test") == 0) {
    word = eh_read_word(reader, item, "`test`", tests, 2);
    if (word >= 0) flag->test = (enum eh_test_choice)word;
  } else if (strcmp(item->key, "multiplicity") == 0) {
    word = eh_read_word(reader, item, "`multiplicity`", multiplicities, 3);
    if (word >= 0) flag->multiplicity = (enum eh_multiplicity)word;
  } else if (strcmp(item->key, "dependence") == 0) {
    word = eh_read_word(reader, item, "`dependence`", dependences, 2);
    if (word >= 0) flag->multiplicity = word ? EH_ANY_DEPENDENCE : EH_BENJAMINI_HOCHBERG;
  } else if (strcmp(item->key, "family") == 0 && !seed) {
    eh_read_problem(reader, item->key_place,
                    "the family is the whole file's; move it to the file's own `flag`");
  } else if (strcmp(item->key, "seed") == 0 && seed) {
    eh_read_count(reader, item, "`seed`", 0, UINT64_MAX, seed);
  } else if (strcmp(item->key, "seed") == 0) {
    eh_read_problem(reader, item->key_place,
                    "the seed is the whole file's; move it to the file's own `flag`");
  }
}

void eh_read_flag(struct eh_reader *reader, const struct eh_node *node) {
  if (!read_keys(reader, node)) return;
  for (size_t i = 0; i < node->item_count; i++)
    read_item(reader, &node->items[i], &reader->rules->flag, &reader->rules->seed);
}

void eh_read_own_flag(struct eh_reader *reader, const struct eh_node *node,
                      struct eh_measure *measure) {
  const struct eh_question *question = eh_question_of(measure->kind);
  if (!read_keys(reader, node)) return;
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *item = &node->items[i];
    if (eh_is_amount(measure) && strcmp(item->key, "smallest_difference") == 0) {
      eh_read_value_difference(reader, item, measure);
    } else if (question->test && strcmp(item->key, "test") == 0) {
      eh_read_problem(reader, item->key_place,
                      "`test` chooses between two tests of an `event`; a %s always has its own: "
                      "remove it here",
                      question->key);
    } else {
      read_item(reader, item, &measure->flag, NULL);
    }
  }
}
