# Score intervals of a rate, and limits of the funnel by their formula. Writes limits_rates.csv and limits_funnel.csv.
rates <- data.frame(events = c(0, 1, 19, 37, 1234, 3), records = c(10, 10, 30, 37, 56789, 40),
                    confidence = c(.95, .95, .95, .95, .95, .9))
limits <- mapply(function(x, n, level) prop.test(x, n, correct = FALSE, conf.level = level)$conf.int,
                 rates$events, rates$records, rates$confidence)
rates$low <- limits[1, ]
rates$high <- limits[2, ]
write.csv(format(rates, digits = 15), "limits_rates.csv", row.names = FALSE, quote = FALSE)

funnel <- expand.grid(rate = c(.01, .3, .9), records = c(1, 100, 20000), tau = c(0, .5), confidence = c(.95, .998))
reach <- with(funnel, qnorm((1 + confidence) / 2) * sqrt(1 / (records * rate * (1 - rate)) + tau^2))
funnel$low <- with(funnel, plogis(qlogis(rate) - reach) - rate)
funnel$high <- with(funnel, plogis(qlogis(rate) + reach) - rate)
write.csv(format(funnel, digits = 15), "limits_funnel.csv", row.names = FALSE, quote = FALSE)
