#include "reports/words/text_width.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* From blank to tilde, in thousandths of the letter's size: Arial's, and Helvetica's before it. */
static const uint16_t widths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
static const double DIGIT = 556.0, OTHER = 650.0, EAST_ASIAN = 1000.0;
/* Bold letters are so much wider; and screens round widths up to whole pixels. */
static const double BOLD = 1.08, SCREEN = 1.05;

static double letter_width(unsigned char first) {
  if (first >= ' ' && first <= '~') return widths[first - ' '];
  if (first >= 0x80 && first < 0xC0) return 0.0; /* inside a letter */
  return first >= 0xE3 ? EAST_ASIAN : OTHER;
}

double eh_text_width(const char *text, size_t size, bool bold) {
  double sum = 0.0;
  for (size_t i = 0; i < size; i++) sum += letter_width((unsigned char)text[i]);
  return sum / DIGIT * SCREEN * (bold ? BOLD : 1.0);
}

double eh_text_lines(const char *text, double width, bool bold) {
  double lines = 1.0, used = 0.0, blank = eh_text_width(" ", 1, bold);
  while (*text) {
    size_t bytes = strcspn(text, " \n");
    double word = eh_text_width(text, bytes, bold);
    if (used > 0.0 && used + word > width) {
      lines += 1.0;
      used = 0.0;
    }
    if (word > width) lines += ceil(word / width) - 1.0;
    used += fmin(word, width) + blank;
    text += bytes;
    if (*text == '\n') {
      lines += 1.0;
      used = 0.0;
    }
    if (*text) text++;
  }
  return lines;
}
