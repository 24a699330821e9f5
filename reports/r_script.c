#include "reports/r_script.h"

/* The fixed part. Columns 1 to 5 of the cells file name the comparison and the unit, the last two
 * are counts, those between the strata. */
static const char script[] =
    "one$records <- as.numeric(one$records)\n"
    "one$events <- as.numeric(one$events)\n"
    "factors <- one[5 + seq_len(ncol(one) - 7)]\n"
    "stratum <- do.call(paste, c(list(rep(\"\", nrow(one))), factors, sep = \"\\r\"))\n"
    "add <- function(x, keep) as.vector(tapply(ifelse(keep, x, 0), stratum, sum))\n"
    "a <- add(one$events, mine);  n1 <- add(one$records, mine)   # the unit\n"
    "c <- add(one$events, !mine); n2 <- add(one$records, !mine)  # its peers\n"
    "ok <- n1 > 0 & n2 > 0                                       # comparable strata\n"
    "sum(n1[ok])                                                 # comparable records\n"
    "(sum(a[ok]) - sum(n1[ok] * c[ok] / n2[ok])) / sum(n1[ok])   # difference\n"
    "ok <- ok & a + c > 0 & a + c < n1 + n2                      # informative strata\n"
    "x <- array(rbind(a, n1 - a, c, n2 - c)[, ok], c(2, 2, sum(ok)))\n"
    "mantelhaen.test(x, correct = FALSE)                         # CMH, odds ratio (needs 2 strata "
    "or more)\n"
    "d <- 1; low <- 0                                            # distribution of S = sum(a) "
    "under no difference\n"
    "for (k in which(ok)) {\n"
    "  m <- a[k] + c[k]; from <- max(0, m - n2[k])\n"
    "  h <- dhyper(from:min(n1[k], m), n1[k], n2[k], m)\n"
    "  g <- numeric(length(d) + length(h) - 1)\n"
    "  for (i in seq_along(h)) { j <- i - 1 + seq_along(d); g[j] <- g[j] + d * h[i] }\n"
    "  d <- g; low <- low + from\n"
    "}\n"
    "s <- sum(a[ok]) - low + 1\n"
    "min(1, 2 * min(sum(d[seq_along(d) < s]), sum(d[seq_along(d) > s])) + d[s])  # exact mid-p "
    "(loses tails below 1e-15)\n";

/* A string literal of R. */
static void add_literal(struct eh_buffer *buffer, const char *text) {
  eh_buffer_puts(buffer, "\"");
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\') {
      eh_buffer_printf(buffer, "\\%c", c);
    } else if (c < 0x20 || c == 0x7F) {
      eh_buffer_printf(buffer, "\\x%02x", (unsigned)c);
    } else {
      eh_buffer_add(buffer, text, 1);
    }
  }
  eh_buffer_puts(buffer, "\"");
}

const char *eh_r_script(struct eh_arena *arena, const struct eh_comparison_result *comparison,
                        const struct eh_result *result) {
  struct eh_buffer buffer = {0};
  eh_buffer_puts(&buffer,
                 "cells <- read.csv(\"cells.csv\", check.names = FALSE, colClasses = "
                 "\"character\", na.strings = character(), encoding = \"UTF-8\")\n"
                 "one <- cells[cells$comparison == ");
  add_literal(&buffer, comparison->title);
  eh_buffer_puts(&buffer, ", ]\nmine <- one$unit == ");
  add_literal(&buffer, result->unit);
  eh_buffer_puts(&buffer, "\n");
  eh_buffer_puts(&buffer, script);
  const char *text = eh_arena_copy(arena, buffer.text, buffer.length);
  eh_buffer_free(&buffer);
  return text;
}
