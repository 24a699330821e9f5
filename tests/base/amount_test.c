#include "engine/base/amount.h"

#include <string.h>

#include "engine/base/number.h"
#include "tests/test.h"

static const struct eh_number_form decimals_only = {',', "", false, false, false};

/* number: NULL, it is none. */
static const struct {
  const char *form, *text, *number;
} amounts[] = {
    {"us", "1,200", "1200"},
    {"us", "1,234,567.89", "1234567.89"},
    {"us", "12345", "12345"},
    {"us", "$1,200.50", "1200.50"},
    {"us", "-$5", "-5"},
    {"us", "$-5", "-5"},
    {"us", "(1,200)", "-1200"},
    {"us", "($ 5.25)", "-5.25"},
    {"us", "US$ 10", "10"},
    {"us", "10 USD", "10"},
    {"us", "25%", "0.25"},
    {"us", "12.5 %", "0.125"},
    {"us", "-3%", "-0.03"},
    {"us", "1.5e3", "1.5e3"},
    {"us",
     "\xe2\x88\x92"
     "7",
     "-7"},
    {"us", "1,20", NULL},
    {"us", "1,2000", NULL},
    {"us", "1234,567", NULL},
    {"us", "1.200,50", NULL},
    {"us", ",5", NULL},
    {"us", "(-5)", NULL},
    {"us", "5)", NULL},
    {"us", "", NULL},
    {"us", "$", NULL},
    {"us", "%", NULL},
    {"us", "USD", NULL},
    {"us", "abc", NULL},
    {"eu", "1.200", "1200"},
    {"eu", "1.200,50", "1200.50"},
    {"eu", "1 200,50", "1200.50"},
    {"eu", "0,125", "0.125"},
    {"eu", "1.200 \xe2\x82\xac", "1200"},
    {"eu", "1.2", NULL},
    {"eu", "1.200 500", NULL},
    {"swiss", "1'200.50", "1200.50"},
    {"swiss",
     "1\xe2\x80\x99"
     "200",
     "1200"},
    {"swiss", "CHF 1'200", "1200"},
    {"plain", "1200.5", "1200.5"},
    {"plain", "1,200", NULL},
    {"plain", "25%", NULL},
    {"plain", "$5", NULL},
};

START_TEST(amounts_become_plain_numbers) {
  for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
    char plain[EH_AMOUNT_SIZE] = "";
    double number;
    bool is_one = eh_amount_plain(eh_number_form_named(amounts[i].form), amounts[i].text,
                                  strlen(amounts[i].text), plain);
    ck_assert_msg(is_one == (amounts[i].number != NULL), "%s: %s", amounts[i].form,
                  amounts[i].text);
    if (!is_one) continue;
    ck_assert_str_eq(plain, amounts[i].number);
    ck_assert(eh_number_parse(plain, strlen(plain), &number));
  }
  char plain[EH_AMOUNT_SIZE];
  ck_assert(eh_amount_plain(&decimals_only, "1,5", 3, plain));
  ck_assert(!eh_amount_plain(&decimals_only, "1.5", 3, plain));
  ck_assert_ptr_null(eh_number_form_named("uk"));
}
END_TEST

START_TEST(long_texts_are_no_amounts) {
  char text[2 * EH_AMOUNT_SIZE], plain[EH_AMOUNT_SIZE];
  memset(text, '7', sizeof text);
  for (size_t length = EH_AMOUNT_SIZE - 20; length < sizeof text; length++)
    if (eh_amount_plain(eh_number_form_named("us"), text, length, plain))
      ck_assert_uint_lt(strlen(plain), EH_AMOUNT_SIZE);
  ck_assert(!eh_amount_plain(eh_number_form_named("us"), text, sizeof text, plain));
}
END_TEST

START_TEST(shapes_tell_what_a_point_means) {
  static const struct {
    const char *text;
    unsigned shape;
  } rows[] = {{"1.200", EH_AMOUNT_THREES},
              {"-12.300", EH_AMOUNT_THREES},
              {"1.234.567", EH_AMOUNT_THREES},
              {"700", 0},
              {"999", 0},
              {"1200", EH_AMOUNT_DECIMAL},
              {"1.5", EH_AMOUNT_DECIMAL},
              {"0.125", EH_AMOUNT_DECIMAL},
              {"1.2000", EH_AMOUNT_DECIMAL},
              {"1234.500", EH_AMOUNT_DECIMAL},
              {"1.20", EH_AMOUNT_DECIMAL},
              {"1.234.56", 0},
              {"x", 0},
              {"", 0},
              {".200", 0},
              {"1.", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    ck_assert_msg(eh_amount_shape(rows[i].text, strlen(rows[i].text)) == rows[i].shape, "%s",
                  rows[i].text);
  ck_assert(eh_amount_is_open(EH_AMOUNT_THREES));
  ck_assert(!eh_amount_is_open(EH_AMOUNT_THREES | EH_AMOUNT_DECIMAL) && !eh_amount_is_open(0));
}
END_TEST

RUN_TESTS("base/amount", amounts_become_plain_numbers, long_texts_are_no_amounts,
          shapes_tell_what_a_point_means)
