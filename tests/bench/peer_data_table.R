# data.table on the benchmark's question: Rscript peer_data_table.R RECORDS THREADS fine|coarse REGIONS
suppressMessages(library(data.table))
arguments <- commandArgs(TRUE)
setDTthreads(as.integer(arguments[2]))
fine <- arguments[3] == "fine"
lists <- regmatches(text <- paste(readLines(arguments[4]), collapse = " "), gregexpr("\\[[^]]*\\]", text))[[1]]
names_of <- function(list) gsub("\"", "", regmatches(list, gregexpr("\"[^\"]*\"", list))[[1]])
regions <- rbindlist(lapply(seq_along(lists), function(i) data.table(country = names_of(lists[i]), region = i - 1L)))
records <- fread(arguments[1], showProgress = FALSE, colClasses = list(character = "decision_date"),
  select = c("officer_id", "office", "decision_date", "age", "priority_level", "criminal_history", "years_resident",
             "us_citizen_child", "veteran", "country", "outcome"))
records <- records[outcome != "WITHDRAWN"]
records[, stratum := findInterval(age, c(18, 35, 55)) + 4L * (priority_level + 4L * ((criminal_history != "none") +
  2L * (findInterval(years_resident, c(2, 5, 10)) + 4L * ((us_citizen_child == "Y") + 2L * (veteran == "Y")))))]
records[, year := 0L]
if (fine) {
  place <- match(records$country, regions$country)
  records[, stratum := stratum + 1024L * fifelse(is.na(place), 5L, regions$region[place])]
  days <- unique(records$decision_date)
  records[, year := as.integer(substr(days, 1, 4))[match(decision_date, days)]]
}
records[, granted := as.double(outcome == "GRANTED")]
cells <- records[, .(n = as.double(.N), a = sum(granted)), by = .(stratum, office, year, officer_id)]
statistics <- function(cells, unit, peers) {
  cells[, c("t", "m") := .(sum(n), sum(a)), by = peers]
  part <- cells[t > n]
  part[, c("r", "s", "p", "q") := .(a * (t - n - m + a) / t, (n - a) * (m - a) / t, (t - n - m + 2 * a) / t, (n + m - 2 * a) / t)]
  part[, .(events = sum(a), expected = sum(n * m / t),
           variance = sum(fifelse(t > 1, n * (t - n) * m * (t - m) / (t * t * (t - 1)), 0)),
           r = sum(r), s = sum(s), pr = sum(p * r), psqr = sum(p * s + q * r), qs = sum(q * s)), by = unit]
}
answer <- function(sums) sums[variance > 0, sum((events - expected)^2 / variance)]
officers <- statistics(cells, "officer_id", c("stratum", "office", "year"))
count <- nrow(cells)
offices <- statistics(cells[, .(n = sum(n), a = sum(a)), by = .(stratum, office, year)], "office", c("stratum", "year"))
cat(sprintf("%d %.4f %.4f\n", count, answer(officers), answer(offices)))
