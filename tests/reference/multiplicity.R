# False discovery rates.  Rscript tests/reference/multiplicity.R
set.seed(7)
p <- c(10^-runif(30, 0, 8), runif(50), 0.03, 0.03, 1)
group <- c(rep(0:6, length.out = length(p) - 5), 8, 8, 8, 9, 9) # group 7 has no tests
BH <- function(p) p.adjust(p, "BH")
# Benjamini and Bogomolov (2014), literally: which tests are flagged at the rate r?
flagged <- function(r) {
  simes <- tapply(p, group, function(x) min(sort(x) * length(x) / seq_along(x)))
  selected <- BH(simes) <= r * (1 + 1e-12)
  rate <- r * sum(selected) / length(selected)
  within <- ave(p, group, FUN = BH)
  selected[as.character(group)] & within <= rate * (1 + 1e-12)
}
# The smallest rate that flags a test, by bisection in the log scale.
smallest <- function(i) {
  if (!flagged(1)[i]) return(1)
  low <- -12; high <- 0
  for (step in 1:60) {
    middle <- (low + high) / 2
    if (flagged(10^middle)[i]) high <- middle else low <- middle
  }
  10^high
}
out <- data.frame(p, group, bh = BH(p), by = p.adjust(p, "BY"), nested = sapply(seq_along(p), smallest))
write.csv(format(out, digits = 15, trim = TRUE), "tests/reference/multiplicity.csv",
          row.names = FALSE, quote = FALSE)
