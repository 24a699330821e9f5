# I x J x K: units, outcome categories, strata.  Rscript tests/reference/categories.R
set.seed(12)
make <- function(id, units, categories, strata, size) {
  t <- expand.grid(category = 0:(categories - 1), unit = 0:(units - 1), stratum = 0:(strata - 1))
  rate <- exp(matrix(rnorm(units * categories, 0, 0.4), units)[cbind(t$unit + 1, t$category + 1)] +
              matrix(rnorm(strata * categories), strata)[cbind(t$stratum + 1, t$category + 1)])
  t$n <- rpois(nrow(t), size * rate)
  cbind(id, t)
}
sets <- list(make(1, 2, 3, 5, 6), make(2, 2, 5, 12, 3), make(3, 4, 3, 6, 4), make(4, 9, 4, 15, 2),
             make(5, 2, 2, 7, 8))
value <- function(t) {
  r <- mantelhaen.test(xtabs(n ~ unit + category + stratum, t), correct = FALSE)
  data.frame(id = t$id[1], statistic = unname(r$statistic), df = unname(r$parameter))
}
write <- function(x, name)
  write.csv(format(x, digits = 15, trim = TRUE), file.path("tests/reference", name),
            row.names = FALSE, quote = FALSE)
write(do.call(rbind, sets), "categories_cells.csv")
write(do.call(rbind, lapply(sets, value)), "categories_values.csv")
