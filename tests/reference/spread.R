# The spread of effects, and where a unit stands.  Rscript tests/reference/spread.R
library(metafor)
set.seed(14)
make <- function(id, n, tau, wild = 0) {
  v <- 1 / rgamma(n, 3, 0.3)
  theta <- rnorm(n, 0, sqrt(v + tau^2)) + c(rep(3, wild), rep(0, n - wild))
  data.frame(id, theta, v, caseload = rpois(n, 80) + 1)
}
# the constant of spread.c
z <- qnorm(0.9)
constant <- 0.8 - 2 * z * dnorm(z) + 0.2 * z^2
stopifnot(abs(constant - 0.678655) < 5e-7)
square <- function(tau, t) {
  z <- t$theta / sqrt(t$v + tau^2)
  q <- quantile(z, c(0.1, 0.9), type = 7)
  mean(pmin(pmax(z, q[1]), q[2])^2)
}
tau <- function(t)
  if (square(0, t) <= 0.678655) 0 else
    uniroot(function(x) square(x, t) - 0.678655, c(0, 50), tol = 1e-14)$root
median_of <- function(t) {
  t <- t[order(t$theta), ]
  t$theta[which(cumsum(t$caseload) > sum(t$caseload) / 2)[1]]
}
sets <- list(make(1, 30, 0.5), make(2, 6, 1), make(3, 200, 0.3, 10), make(4, 12, 0), make(5, 5, 0.8))
units <- lapply(sets, function(t) {
  s <- tau(t); z <- t$theta / sqrt(t$v + s^2); B <- s^2 / (s^2 + t$v)
  data.frame(t, z, q = p.adjust(2 * pnorm(-abs(z)), "BH"), B, versus_typical = t$theta - median_of(t))
})
values <- lapply(sets, function(t) data.frame(
  id = t$id[1], tau = tau(t), Q = rma(theta, v, data = t, method = "FE")$QE,
  low = plogis(qlogis(0.3) - qnorm(0.95) * tau(t)), high = plogis(qlogis(0.3) + qnorm(0.95) * tau(t))))
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, units), "spread_units.csv")
write(do.call(rbind, values), "spread_values.csv")
