# The unit's own caseload decided by its peers, by the formulas of difference.h; the interval by
# root finding instead of the quadratic's formula.  Rscript tests/reference/difference.R
tables <- read.csv("tests/reference/mantel_haenszel_tables.csv")
z <- qnorm(0.975)
value <- function(t) with(t, {
  N <- sum(n1)
  d <- (sum(a) - sum(n1 * c / n2)) / N
  u <- (a * (n2 - c) + c * (n1 - a)) / (n1 * n2)
  s <- 1 - a / n1 - c / n2
  t <- a / n1 - c / n2
  A <- sum((n1 + n1^2 / n2) * u) / (2 * N^2)
  B <- sum(n1 * (s - t) - n1^2 / n2 * (s + t)) / (2 * N^2)
  # both sides' binomial variances, where the line fails (see difference.c)
  V <- sum(n1 * a / n1 * (1 - a / n1) + n1^2 / n2 * c / n2 * (1 - c / n2)) / N^2
  if (A + d * B < V / 2) A <- V - d * B
  f <- function(x) (d - x)^2 - z^2 * (A + x * B)
  root <- function(end) # between the estimate and an end of [-1, 1]
    if (f(end) <= 0) end else uniroot(f, sort(c(d, end)), tol = 1e-15)$root
  data.frame(id = id[1], expected = sum(n1 * c / n2), estimate = d, low = root(-1), high = root(1))
})
values <- do.call(rbind, lapply(split(tables, tables$id), value))
write.csv(format(values, digits = 15, trim = TRUE), "tests/reference/difference.csv",
          row.names = FALSE, quote = FALSE)
