# Units x 2 x strata: the generalised Cochran-Mantel-Haenszel test, by mantelhaen.test where all units are
# linked and by a pseudo-inverse (MASS::ginv) everywhere.  Rscript tests/reference/association.R
set.seed(11)
gcmh <- function(t) {
  units <- max(t$unit) + 1
  D <- numeric(units); V <- matrix(0, units, units)
  for (s in split(t, t$stratum)) {
    n <- sum(s$n); m <- sum(s$events)
    if (n < 2) next
    share <- tapply(s$n, factor(s$unit, 0:(units - 1)), sum, default = 0) / n
    events <- tapply(s$events, factor(s$unit, 0:(units - 1)), sum, default = 0)
    D <- D + events - m * share
    V <- V + m * (n - m) / (n - 1) * (diag(share) - outer(share, share))
  }
  c(statistic = drop(D %*% MASS::ginv(V) %*% D), df = qr(V)$rank)
}
linked <- function(id, units, strata, size) {
  t <- expand.grid(unit = 0:(units - 1), stratum = 0:(strata - 1))
  t$n <- rpois(nrow(t), size)
  t <- t[t$n > 0, ]
  t$events <- rbinom(nrow(t), t$n, plogis(rnorm(units)[t$unit + 1] + rnorm(strata)[t$stratum + 1]))
  cbind(id, t)
}
apart <- function(id) { # three groups of units that share no stratum, unit numbers mixed
  t <- rbind(linked(id, 4, 3, 9), transform(linked(id, 5, 4, 9), unit = unit + 4, stratum = stratum + 3),
             transform(linked(id, 2, 2, 9), unit = unit + 9, stratum = stratum + 7))
  t$unit <- (t$unit * 7) %% 11
  t
}
sets <- list(linked(1, 2, 4, 10), linked(2, 6, 5, 8), linked(3, 12, 20, 2), linked(4, 40, 30, 1.5),
             apart(5), linked(6, 25, 1, 40))
value <- function(t) {
  v <- gcmh(t)
  if (t$id[1] %in% 2:4) { # R's own figure, over the strata it accepts
    x <- xtabs(cbind(events, n - events) ~ unit + stratum, t)
    x <- aperm(x, c(1, 3, 2))
    x <- x[, , apply(x, 3, sum) > 1, drop = FALSE]
    r <- mantelhaen.test(x)
    stopifnot(all.equal(unname(r$statistic), unname(v["statistic"]), tolerance = 1e-7), r$parameter == v["df"])
    v["statistic"] <- r$statistic
  }
  data.frame(id = t$id[1], statistic = v["statistic"], df = v["df"], row.names = NULL)
}
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, sets), "association_cells.csv")
write(do.call(rbind, lapply(sets, value)), "association_values.csv")
