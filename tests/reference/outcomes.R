# Records with a category and a value, from units in strata: each unit against all others.
# Rscript tests/reference/outcomes.R
set.seed(21)
n <- 900
t <- data.frame(id = seq_len(n), unit = sample(1:4, n, TRUE, c(4, 3, 2, 1)), kind = sample(1:5, n, TRUE))
t$result <- sapply(seq_len(n), function(i)
  sample(1:4, 1, prob = c(4, 3, 2, 2) + c(t$unit[i] == 3, 0, t$kind[i] %% 3, 0) * 2))
t$days <- rpois(n, 20 + 5 * t$kind + 6 * (t$unit == 3))
categories <- sort(unique(t$result))
against_peers <- function(u) {
  mine <- t$unit == u
  cmh <- mantelhaen.test(table(mine, t$result, t$kind))
  difference <- function(yes) { # the unit's kinds, each at its peers' rate or mean
    own <- tapply(yes[mine], t$kind[mine], mean); peers <- tapply(yes[!mine], t$kind[!mine], mean)
    n1 <- tapply(yes[mine], t$kind[mine], length)
    sum(n1 * (own - peers)) / sum(n1)
  }
  parts <- sapply(split(seq_len(n), t$kind), function(k) { # van Elteren: ranks over n + 1
    r <- rank(t$days[k]) / (length(k) + 1); m <- length(k); n1 <- sum(mine[k])
    c(sum(r[mine[k]]) - n1 * mean(r), var(r) * n1 * (m - n1) / m)
  })
  d <- sapply(categories, function(j) difference(t$result == j))
  data.frame(unit = u, statistic = unname(cmh$statistic), df = unname(cmh$parameter), p = cmh$p.value,
             d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], mean = mean(t$days[mine]),
             difference = difference(t$days), elteren = sum(parts[1, ])^2 / sum(parts[2, ]))
}
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
values <- do.call(rbind, lapply(1:4, against_peers))
all <- mantelhaen.test(table(t$unit, t$result, t$kind))
values$overall <- unname(all$statistic); values$overall_df <- unname(all$parameter)
write(t, "outcomes_records.csv")
write(values, "outcomes_values.csv")
