# Random 2 x 2 x K tables, and what R and metafor say of them.
# Rscript tests/reference/mantel_haenszel.R
library(metafor)
set.seed(20161101)
make <- function(id) {
  strata <- sample(c(2, 3, 5, 8, 20, 60), 1)
  size <- sample(c(3, 10, 60, 2000), 1)
  n1 <- 1 + rpois(strata, size * runif(strata, 0.2, 1))
  n2 <- 1 + rpois(strata, 4 * size * runif(strata, 0.2, 1))
  base <- qlogis(runif(strata, 0.05, 0.6))
  a <- rbinom(strata, n1, plogis(base + rnorm(1, 0, 0.7) + rnorm(strata, 0, 0.2)))
  c <- rbinom(strata, n2, plogis(base))
  data.frame(id, a, n1, c, n2)
}
value <- function(t) {
  informative <- with(t, a + c > 0 & a + c < n1 + n2)
  i <- t[informative, ]
  array3 <- with(i, array(rbind(a, c, n1 - a, n2 - c), c(2, 2, nrow(i))))
  # mantelhaen.test needs two strata
  cmh <- mantelhaen.test(array3, correct = FALSE)
  or <- with(i, rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, measure = "OR", correct = FALSE,
                       add = 0, to = "none", digits = 15))
  rd <- with(t, rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, measure = "RD", add = 0, to = "none"))
  data.frame(id = t$id[1], cmh = unname(cmh$statistic),
             log10_p = pchisq(cmh$statistic, 1, lower.tail = FALSE, log.p = TRUE) / log(10),
             odds_ratio = exp(or$beta[1]), low = exp(or$ci.lb), high = exp(or$ci.ub),
             log_se = or$se, rd = rd$beta[1], rd_se = rd$se, rd_low = rd$ci.lb, rd_high = rd$ci.ub,
             bd = or$BD, bd_p = or$BDp, tarone = or$TA, tarone_p = or$TAp, df = nrow(i) - 1,
             row.names = NULL)
}
usable <- function(t) {
  i <- with(t, a + c > 0 & a + c < n1 + n2)
  sum(i) >= 2 && sum((t$a * (t$n2 - t$c))[i]) > 0 && sum((t$c * (t$n1 - t$a))[i]) > 0
}
sets <- lapply(1:60, make)
sets <- sets[sapply(sets, usable)]
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, sets), "mantel_haenszel_tables.csv")
write(do.call(rbind, lapply(sets, value)), "mantel_haenszel_values.csv")
