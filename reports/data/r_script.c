#include "reports/data/r_script.h"

#include "engine/load/counts/cells_file.h"
#include "reports/data/cells.h"

/* The fixed parts, each for one kind of measure. */
static const char event_script[] =
    "one$events <- as.numeric(one$events)\n"
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

/* As engine/stats/balance.h; without halving steps, which are rarely needed. */
static const char balanced_script[] =
    "one$events <- as.numeric(one$events)\n"
    "h <- do.call(paste, c(list(rep(\"h\", nrow(one))), one[exact], sep = \"\\r\"))\n"
    "keep <- rep(TRUE, nrow(one))                                # what the unit and its peers "
    "both have\n"
    "repeat { n <- sum(keep)\n"
    "  for (v in c(list(h), one[adjust])) keep <- keep & v %in% intersect(v[keep & mine], v[keep & "
    "!mine])\n"
    "  if (sum(keep) == n) break }\n"
    "joint <- lapply(pairs, function(p) { v <- paste(one[[p[1]]], one[[p[2]]], sep = \"\\r\")\n"
    "  ifelse(tapply(one$records, v, sum)[v] >= 5, v, NA) })\n"
    "x <- do.call(cbind, lapply(c(one[adjust], joint), function(v) {\n"
    "  l <- unique(v[keep & !mine & !is.na(v)]); outer(v, l, function(a, b) !is.na(a) & a == b) + "
    "0 "
    "}))\n"
    "own <- keep & mine; peers <- keep & !mine; N <- sum(one$records[own])\n"
    "ridge <- 0.2 * N / sum(one$records[peers]); t <- colSums(one$records[own] * x[own, , drop = "
    "FALSE])\n"
    "n <- one$records[peers]; x <- x[peers, , drop = FALSE]; h1 <- h[peers]\n"
    "n1 <- tapply(one$records[own], h[own], sum); l <- rep(0, ncol(x))\n"
    "w <- function(l) { e <- n * exp(drop(x %*% l)); e * as.vector(n1[h1] / tapply(e, h1, "
    "sum)[h1]) }\n"
    "for (i in 1:100) {\n"
    "  W <- w(l); g <- colSums(W * x) - t + ridge * l; if (max(abs(g)) < 1e-12 * N) break\n"
    "  M <- rowsum(W * x, h1)\n"
    "  l <- l - solve(crossprod(x, W * x) - crossprod(M / sqrt(as.vector(n1[rownames(M)]))) + "
    "diag(ridge, length(l)), g)\n"
    "}\n"
    "W <- w(l); expected <- sum(W * one$events[peers] / n)\n"
    "N                                                           # comparable records\n"
    "(sum(one$events[own]) - expected) / N                       # difference\n"
    "sum(W)^2 / sum(W^2 / n)                                     # effective peers\n"
    "data.frame(one[peers, c(exact, adjust), drop = FALSE], records = n, events = "
    "one$events[peers], weight = W / n)\n";

/* Rare outcomes are taken together as eh_categories_pooled_test does. */
static const char category_script[] =
    "x <- tapply(one$records, list(ifelse(mine, \"unit\", \"peers\"), one$outcome, stratum), sum, "
    "default = 0)\n"
    "n <- apply(x, c(1, 3), sum)\n"
    "ok <- n[\"unit\", ] > 0 & n[\"peers\", ] > 0                      # comparable strata\n"
    "x <- x[, , ok, drop = FALSE]; n <- n[, ok, drop = FALSE]\n"
    "n1 <- n[\"unit\", ]; n2 <- n[\"peers\", ]\n"
    "sum(n1)                                                     # comparable records\n"
    "outcomes <- dimnames(x)[[2]]\n"
    "sapply(outcomes, function(j) sum(x[\"unit\", j, ] - n1 * x[\"peers\", j, ] / n2)) / sum(n1)  "
    "# differences\n"
    "e <- sapply(outcomes, function(j) {                         # expected of the unit, of its "
    "peers\n"
    "  m <- (x[\"unit\", j, ] + x[\"peers\", j, ]) / (n1 + n2); c(sum(m * n1), sum(m * n2))\n"
    "})\n"
    "e <- e[, order(pmin(e[1, ], e[2, ])), drop = FALSE]; e <- e[, e[1, ] > 0, drop = FALSE]\n"
    "rare <- 0                                                   # outcomes taken together\n"
    "while (rare < ncol(e) && (min(e[, rare + 1]) < 5 ||\n"
    "       rare > 0 && min(rowSums(e[, seq_len(rare), drop = FALSE])) < 5)) rare <- rare + 1\n"
    "group <- setNames(colnames(e), colnames(e)); if (rare > 1) group[seq_len(rare)] <- \"\"\n"
    "keep <- stratum %in% colnames(n)\n"
    "x <- tapply(one$records[keep], list(mine[keep], group[one$outcome[keep]], stratum[keep]), "
    "sum, "
    "default = 0)\n"
    "mantelhaen.test(x, correct = FALSE)                         # generalised CMH (needs 2 strata "
    "or "
    "more)\n";

static const char value_script[] =
    "one$value <- as.numeric(one$outcome)\n"
    "parts <- sapply(split(seq_len(nrow(one)), stratum), function(k) {\n"
    "  v <- one$value[k]; w <- one$records[k]; m <- mine[k]\n"
    "  n <- sum(w); n1 <- sum(w[m]); n2 <- n - n1\n"
    "  if (n1 == 0 || n2 == 0) return(c(0, 0, 0, 0))             # not comparable\n"
    "  ties <- tapply(w, v, sum); rank <- cumsum(ties) - (ties - 1) / 2\n"
    "  r <- rank[match(v, sort(unique(v)))]\n"
    "  c(n1, n1 * (sum((w * v)[m]) / n1 - sum((w * v)[!m]) / n2),\n"
    "    (sum((w * r)[m]) - n1 * (n + 1) / 2) / (n + 1),\n"
    "    n1 * n2 / 12 * (n + 1 - sum(ties^3 - ties) / (n * (n - 1))) / (n + 1)^2)\n"
    "})\n"
    "parts <- rowSums(parts)\n"
    "parts[1]                                                    # comparable records\n"
    "parts[2] / parts[1]                                         # difference of the means\n"
    "pchisq(parts[3]^2 / parts[4], 1, lower.tail = FALSE)        # van Elteren's test\n";

/* A text of the cells' file, as a string literal of R. */
static void add_literal(struct eh_arena *arena, struct eh_buffer *buffer, const char *label) {
  const char *text = eh_cells_file_guarded(arena, label);
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

/* c("priority", "age_band") */
static void add_names(struct eh_arena *arena, struct eh_buffer *buffer,
                      const struct eh_rules *rules, const int *columns, size_t count) {
  eh_buffer_puts(buffer, "c(");
  for (size_t i = 0; i < count; i++) {
    if (i) eh_buffer_puts(buffer, ", ");
    add_literal(arena, buffer, rules->columns[columns[i]].name);
  }
  eh_buffer_puts(buffer, ")");
}

/* Which columns make the strata, and in which peers are weighted. */
static void add_balance(struct eh_arena *arena, struct eh_buffer *buffer,
                        const struct eh_rules *rules, const struct eh_comparison_result *c) {
  int *columns = eh_arena_alloc(arena, c->cells->column_count, sizeof *columns);
  for (int adjusted = 0; adjusted < 2; adjusted++) {
    size_t count = 0;
    for (size_t k = 0; k < c->cells->column_count; k++)
      if (c->cells->columns[k].is_adjusted == adjusted)
        columns[count++] = c->cells->columns[k].column;
    eh_buffer_puts(buffer, adjusted ? "adjust <- " : "exact <- ");
    add_names(arena, buffer, rules, columns, count);
    eh_buffer_puts(buffer, "\n");
  }
  eh_buffer_puts(buffer, "pairs <- list(");
  for (size_t i = 0; i < c->pair_count; i++) {
    if (i) eh_buffer_puts(buffer, ", ");
    add_names(arena, buffer, rules, (int[]){c->pairs[i].column, c->pairs[i].other}, 2);
  }
  eh_buffer_puts(buffer, ")\n");
}

const char *eh_r_script(struct eh_arena *arena, const struct eh_audit *audit,
                        const struct eh_comparison_result *comparison,
                        const struct eh_result *result) {
  static const char *const scripts[] = {[EH_MEASURE_EVENT] = event_script,
                                        [EH_MEASURE_CATEGORY] = category_script,
                                        [EH_MEASURE_VALUE] = value_script};
  _Static_assert(sizeof scripts / sizeof scripts[0] == EH_MEASURE_KINDS, "a script for each kind");
  int before = eh_cells_have_outcomes(audit) ? 6 : 5; /* columns of the file before the strata */
  struct eh_buffer buffer = {0};
  eh_buffer_puts(&buffer,
                 "cells <- read.csv(\"cells.csv\", check.names = FALSE, colClasses = "
                 "\"character\", na.strings = character(), encoding = \"UTF-8\")\n"
                 "one <- cells[cells$comparison == ");
  add_literal(arena, &buffer, comparison->title);
  eh_buffer_puts(&buffer, ", ]\nmine <- one$unit == ");
  add_literal(arena, &buffer, result->unit);
  eh_buffer_printf(&buffer,
                   "\none$records <- as.numeric(one$records)\n"
                   "factors <- one[%d + seq_len(ncol(one) - %d)]\n"
                   "stratum <- do.call(paste, c(list(rep(\"\", nrow(one))), factors, sep = "
                   "\"\\r\"))\n",
                   before, before + 2);
  bool is_balanced = eh_cells_are_adjusted(comparison->cells);
  if (is_balanced) add_balance(arena, &buffer, audit->rules, comparison);
  eh_buffer_puts(&buffer, is_balanced ? balanced_script : scripts[comparison->measure->kind]);
  const char *text = eh_arena_copy(arena, buffer.text, buffer.length);
  eh_buffer_free(&buffer);
  return text;
}
