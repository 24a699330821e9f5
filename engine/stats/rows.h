/* Sums over rows of numbers that a processor makes several at a time, where it can. Each comes out
   to the last bit as one by one: a product is rounded before it is added, anywhere. */
#ifndef EVENHAND_STATS_ROWS_H
#define EVENHAND_STATS_ROWS_H

#include <stddef.h>

/* to += share from, for each of count numbers. */
void eh_row_add(double *to, double share, const double *from, size_t count);

/* Of a triangle of shares, several columns at once, side by side: from the last row k on, column =
   shares[k][k] own + sum over later rows i of shares[k][i] column. */
enum { EH_COLUMNS_TOGETHER = 16 };
void eh_row_multiply(const double *shares, size_t size, const double *own, double *columns);

#endif
