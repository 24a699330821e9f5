/* Records for the benchmark: decisions by 5,000 officers in 25 offices, 14 columns, about 110 bytes
 * each; of every 50, one holds a quoted field.
 *
 *     make_records ROWS [all]      (all: every field quoted, as R's write.csv does)
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"

enum { OFFICERS = 5000, OFFICES = 25 };

static const char *const cities[OFFICES] = {
    "Miami",      "Houston",      "Los Angeles", "New York City", "San Antonio",
    "Atlanta",    "Chicago",      "Dallas",      "Newark",        "Phoenix",
    "Boston",     "Seattle",      "El Paso",     "Denver",        "San Diego",
    "Detroit",    "St. Paul",     "Baltimore",   "Buffalo",       "Harlingen",
    "Washington", "Philadelphia", "New Orleans", "San Francisco", "Salt Lake City"};
static const char *const countries[] = {
    "Mexico",    "Guatemala", "Honduras", "El Salvador", "Venezuela", "Cuba",
    "Nicaragua", "Colombia",  "Haiti",    "Ecuador",     "Brazil",    "India",
    "China",     "Peru",      "Jamaica",  "Nigeria",     "Russia",    "Ukraine",
    "Vietnam",   "Ghana",     "Eritrea",  "Somalia",     "Turkey",    "Canada"};
static const char *const histories[] = {"none", "misdemeanor", "felony", "aggravated felony"};
static const char *const components[] = {"ERO", "OPLA", "USCIS", "CBP"};

struct officer {
  size_t office, component;
  double leaning; /* added to the share that he grants */
};

static size_t pick(struct eh_random *random, size_t count) {
  return (size_t)eh_random_below(random, count);
}

/* Of the first ones more: the smaller of two draws. */
static size_t pick_early(struct eh_random *random, size_t count) {
  size_t a = pick(random, count), b = pick(random, count);
  return a < b ? a : b;
}

static size_t pick_shares(struct eh_random *random, const double *shares) {
  double draw = eh_random_uniform(random);
  size_t i = 0;
  while (shares[i] < 1 && draw >= shares[i]) i++;
  return i;
}

static void put(const char *text, bool quoted, char after) {
  if (quoted) putchar_unlocked('"');
  for (; *text; text++) {
    if (*text == '"') putchar_unlocked('"');
    putchar_unlocked(*text);
  }
  if (quoted) putchar_unlocked('"');
  putchar_unlocked(after);
}

static void write_record(struct eh_random *random, const struct officer *officers, uint64_t number,
                         uint64_t rows, bool all_quoted) {
  static const double priorities[] = {0.2, 0.5, 1}, crimes[] = {0.72, 0.89, 0.97, 1};
  char id[32], person[32], officer[32], office[48], date[72], age[24], priority[24], years[24];
  size_t who = pick_early(random, OFFICERS), old = 16 + pick_early(random, 60);
  size_t crime = pick_shares(random, crimes), year = 2015 + pick(random, 10);
  bool odd = pick(random, 50) == 0; /* has a field that must be quoted */
  snprintf(person, sizeof person, "A%09llu",
           (unsigned long long)eh_random_below(random, rows / 10 + 1));
  snprintf(officer, sizeof officer, "OF-%05zu", who + 1);
  snprintf(office, sizeof office, "%s Field Office", cities[officers[who].office]);
  snprintf(date, sizeof date, "%zu-%02zu-%02zu", year, 1 + pick(random, 12), 1 + pick(random, 28));
  snprintf(age, sizeof age, "%zu", old);
  snprintf(priority, sizeof priority, "%zu", 1 + pick_shares(random, priorities));
  snprintf(years, sizeof years, "%zu", pick_early(random, old < 30 ? old : 30));
  snprintf(id, sizeof id, "%zu-%s-%09llu", year, components[officers[who].component],
           (unsigned long long)number);
  double share = 0.45 + officers[who].leaning - 0.1 * (double)crime;
  bool granted = eh_random_uniform(random) < share;
  bool q = all_quoted;
  put(id, q, ',');
  put(person, q, ',');
  put(officer, q, ',');
  put(office, q || (odd && number % 4 == 0), ',');
  put(components[officers[who].component], q, ',');
  put(date, q, ',');
  put(age, q, ',');
  put(priority, q, ',');
  put(odd && number % 8 == 1 ? "misdemeanor \"DUI\"" : histories[crime],
      q || (odd && number % 8 == 1), ',');
  put(years, q, ',');
  put(pick(random, 3) ? "N" : "Y", q, ',');
  put(pick(random, 60) ? "N" : "Y", q, ',');
  put(odd ? "Congo, Democratic Republic of the"
          : countries[pick_early(random, sizeof countries / sizeof countries[0])],
      q || odd, ',');
  put(pick(random, 50) == 0 ? "WITHDRAWN" : granted ? "GRANTED" : "DENIED", q, '\n');
}

int main(int count, char **arguments) {
  uint64_t rows = count > 1 ? strtoull(arguments[1], NULL, 10) : 0;
  bool all_quoted = count > 2 && strcmp(arguments[2], "all") == 0;
  struct officer *officers = calloc(OFFICERS, sizeof *officers);
  struct eh_random random = eh_random_seeded(20240607, 0);
  if (rows == 0 || !officers) return 2;
  for (size_t i = 0; i < OFFICERS; i++)
    officers[i] = (struct officer){pick_early(&random, OFFICES), pick(&random, 4),
                                   0.08 * eh_random_normal(&random)};
  fputs(
      "case_id,person_id,officer_id,office,component,decision_date,age,priority_level,"
      "criminal_history,years_resident,us_citizen_child,veteran,country,outcome\n",
      stdout);
  for (uint64_t i = 0; i < rows; i++) write_record(&random, officers, i + 1, rows, all_quoted);
  free(officers);
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
