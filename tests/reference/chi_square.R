# Upper tails of the chi-square distribution, as log10 p.  Rscript tests/reference/chi_square.R
grid <- expand.grid(df = c(1, 2, 3, 5, 9, 30, 100, 899, 2000, 50000, 1000000),
                    statistic = c(1e-9, 1e-3, 0.5, 3.841458820694124, 30, 300, 1000, 1290, 1400, 5000,
                                  50500, 1e5, 1e6))
grid$log10_p <- pchisq(grid$statistic, grid$df, lower.tail = FALSE, log.p = TRUE) / log(10)
options(digits = 17)
write.csv(format(grid, digits = 17, trim = TRUE), "tests/reference/chi_square.csv",
          row.names = FALSE, quote = FALSE)
