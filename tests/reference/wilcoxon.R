# Stratified Wilcoxon tests and the differences that go with them.  Rscript tests/reference/wilcoxon.R
library(coin)
set.seed(13)
make <- function(id, strata, n1, n2, round_to, shift) {
  one <- function(k) {
    own <- 1 + rpois(1, n1); peers <- 1 + rpois(1, n2)
    data.frame(id, stratum = k, unit = rep(1:0, c(own, peers)),
               value = rexp(own + peers, 0.1) + rep(c(shift, 0), c(own, peers)) + k)
  }
  t <- do.call(rbind, lapply(seq_len(strata), one))
  t$value <- round(t$value / round_to) * round_to
  t
}
# both: strata with unit and peers
both <- function(t) t[ave(t$unit, t$stratum) > 0 & ave(t$unit, t$stratum) < 1, ]
# van Elteren: coin's stratified permutation test of ranks over n + 1 within the stratum (its own
# wilcox_test(value ~ unit | block) ranks all strata together, which is another test)
van_elteren <- function(t) {
  t$score <- ave(t$value, t$stratum, FUN = function(x) rank(x) / (length(x) + 1))
  t$block <- factor(t$stratum)
  if (nlevels(t$block) > 1)
    unname(statistic(independence_test(score ~ unit | block, t, teststat = "quadratic")))
  else
    unname(statistic(independence_test(score ~ unit, t, teststat = "quadratic")))
}
null_variance <- function(t) sum(sapply(split(t, t$stratum), function(s) {
  n1 <- sum(s$unit); n2 <- sum(1 - s$unit); n <- n1 + n2; ties <- table(s$value)
  n1 * n2 / 12 * (n + 1 - sum(ties^3 - ties) / (n * (n - 1))) / (n + 1)^2
}))
# every within-stratum difference, with its weight
pairs <- function(t) do.call(rbind, lapply(split(t, t$stratum), function(s)
  data.frame(d = c(outer(s$value[s$unit == 1], s$value[s$unit == 0], "-")), w = 1 / (nrow(s) + 1))))
shifts <- function(t) {
  p <- pairs(t); half <- sum(p$w) / 2; reach <- qnorm(0.975) * sqrt(null_variance(t))
  after <- sapply(sort(unique(p$d)), function(x) sum(p$w[p$d > x]) - half)  # just above x
  before <- sapply(sort(unique(p$d)), function(x) sum(p$w[p$d >= x]) - half) # just below x
  d <- sort(unique(p$d)); e <- 1e-9
  c((min(d[after <= e]) + max(d[before >= -e])) / 2, min(d[after <= reach]), max(d[before >= -reach]))
}
means <- function(t) {
  N <- sum(t$unit)
  sides <- lapply(split(t, t$stratum), function(s) list(x = s$value[s$unit == 1], y = s$value[s$unit == 0]))
  estimate <- sum(sapply(sides, function(s) length(s$x) * (mean(s$x) - mean(s$y)))) / N
  terms <- NULL; df <- NULL
  for (side in c("x", "y")) {
    n <- sapply(sides, function(s) length(s[[side]])); own <- sapply(sides, function(s) length(s$x))
    ss <- sapply(sides, function(s) sum((s[[side]] - mean(s[[side]]))^2))
    many <- n > 1
    terms <- c(terms, ((own / N)^2 / n * ss / (n - 1))[many]); df <- c(df, (n - 1)[many])
    if (any(!many)) { # with the single records' distances from the means of the other side
      other <- sapply(sides, function(s) length(s[[setdiff(c("x", "y"), side)]]))
      far <- sapply(sides, function(s) mean(s$x) - mean(s$y))
      d <- (far / sqrt(1 + 1 / other))[!many & other > 1]
      squares <- sum(ss); freedom <- sum(n - 1)
      if (length(d) > 1) { squares <- squares + sum((d - mean(d))^2); freedom <- freedom + length(d) - 1 }
      terms <- c(terms, sum((own / N)[!many]^2) * squares / freedom); df <- c(df, freedom)
    }
  }
  reach <- qt(0.975, sum(terms)^2 / sum(terms^2 / df)) * sqrt(sum(terms))
  estimate + c(0, -reach, reach)
}
sets <- list(make(1, 1, 12, 30, 1e-3, 4), make(2, 6, 5, 9, 1e-3, 0), make(3, 10, 3, 20, 5, 6),
             make(4, 25, 1, 4, 2, -3), make(5, 3, 40, 60, 1e-3, -5))
value <- function(t) {
  t <- both(t); s <- shifts(t); m <- means(t)
  if (t$id[1] == 1) { # one stratum: R's own functions
    w <- t.test(value ~ unit, transform(t, unit = 1 - unit))
    stopifnot(all.equal(m[2:3], c(w$conf.int)), all.equal(m[1], unname(-diff(w$estimate))))
    x <- suppressWarnings(wilcox.test(value ~ unit, t, exact = FALSE, correct = FALSE))
    stopifnot(all.equal(pchisq(van_elteren(t), 1, lower.tail = FALSE), x$p.value))
    stopifnot(all.equal(s[1], median(pairs(t)$d)))
  }
  data.frame(id = t$id[1], comparable = sum(t$unit), statistic = van_elteren(t), variance = null_variance(t),
             mean = m[1], mean_low = m[2], mean_high = m[3],
             shift = s[1], shift_low = s[2], shift_high = s[3])
}
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, sets), "wilcoxon_records.csv")
write(do.call(rbind, lapply(sets, value)), "wilcoxon_values.csv")
