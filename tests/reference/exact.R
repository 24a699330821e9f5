# Random 2 x 2 x K tables and their exact conditional tests, by direct convolution in the log scale; R's own
# exact test beside them (p to all digits; its limits hold 4 to 5).
# Rscript tests/reference/exact.R
set.seed(19850613)
make <- function(id) {
  strata <- sample(c(2, 3, 5, 8, 30), 1)
  size <- sample(c(2, 6, 25, 150), 1)
  n1 <- 1 + rpois(strata, size * runif(strata, 0.2, 1))
  n2 <- 1 + rpois(strata, sample(c(1, 4, 20), 1) * size * runif(strata, 0.2, 1))
  base <- qlogis(runif(strata, 0.02, 0.7))
  a <- rbinom(strata, n1, plogis(base + rnorm(1, 0, 1.5)))
  c <- rbinom(strata, n2, plogis(base))
  data.frame(id, a, n1, c, n2)
}
log_sum <- function(x) { m <- max(x); if (is.finite(m)) m + log(sum(exp(x - m))) else m }
convolve_logs <- function(x, y) {
  out <- matrix(-Inf, length(y), length(x) + length(y) - 1)
  for (j in seq_along(y)) out[j, j - 1 + seq_along(x)] <- x + y[j]
  apply(out, 2, log_sum)
}
informative <- function(t) t[with(t, a + c > 0 & a + c < n1 + n2), ]
value <- function(t) {
  i <- informative(t)
  m <- with(i, a + c)
  low <- pmax(0, m - i$n2); high <- pmin(i$n1, m)
  f <- 0
  for (k in seq_len(nrow(i)))
    f <- convolve_logs(f, dhyper(low[k]:high[k], i$n1[k], i$n2[k], m[k], log = TRUE))
  f <- f - log_sum(f)
  s <- sum(i$a) - sum(low) + 1
  last <- length(f)
  below <- log_sum(f[1:s]); above <- log_sum(f[s:last]); at <- f[s]
  half_tail <- function(x) log_sum(c(x, at - log(2)))
  mid <- min(0, log(2) + min(half_tail(if (s > 1) f[1:(s - 1)] else -Inf),
                             half_tail(if (s < last) f[(s + 1):last] else -Inf)))
  p <- min(0, log_sum(f[f <= at + log1p(1e-7)]))
  # tails at an odds ratio exp(theta), and their roots
  tilted <- function(theta, which) {
    g <- f + theta * seq_along(f)
    log_sum(g[which]) - log_sum(g)
  }
  root <- function(h) exp(uniroot(h, c(-60, 60), tol = 1e-15, maxiter = 10000)$root)
  lower <- if (s == 1) 0 else root(function(x) tilted(x, s:last) - log(0.025))
  upper <- if (s == last) Inf else root(function(x) tilted(x, 1:s) - log(0.025))
  estimate <- if (s == 1) 0 else if (s == last) Inf else root(function(x) {
    g <- f + x * seq_along(f)
    sum(exp(g - log_sum(g)) * (seq_along(f) - s))
  })
  # R's own fails where its estimate is out of its reach; NaN then
  r <- tryCatch(mantelhaen.test(with(i, array(rbind(a, c, n1 - a, n2 - c), c(2, 2, nrow(i)))),
                                exact = TRUE),
                error = function(e) list(p.value = NaN, conf.int = c(NaN, NaN)))
  data.frame(id = t$id[1], log10_p = p / log(10), log10_mid_p = mid / log(10),
             log10_below = below / log(10), log10_above = above / log(10),
             estimate, lower, upper, smallest = min(f[1], f[last]) / log(10),
             r_p = r$p.value, r_lower = r$conf.int[1], r_upper = r$conf.int[2])
}
sets <- lapply(1:80, make)
sets <- sets[sapply(sets, function(t) nrow(informative(t)) >= 2)]
# one with a tail far beyond what a double holds
sets[[length(sets) + 1]] <- data.frame(id = 81, a = c(490, 380, 585), n1 = c(500, 400, 600),
                                       c = c(20, 30, 45), n2 = c(900, 700, 800))
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, sets), "exact_tables.csv")
write(do.call(rbind, lapply(sets, value)), "exact_values.csv")
