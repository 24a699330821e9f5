#include "engine/stats/convolution.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/stats/hypergeometric.h"

enum {
  LANES = 8,         /* values of a convolution that are summed up side by side */
  FOLDED_WIDTH = 64, /* narrow counts are folded into a block until it is this wide */
  DEEPEST = 64,      /* widths at least double from block to block down the stack */
  NODES = 8          /* of the interpolation */
};

/* One convolved group. */
struct block {
  size_t offset, width; /* in data */
  uint64_t first, step; /* values first, first + step, ...; probabilities are step times as large */
};

/* A stack of blocks, one after the other in data. */
struct eh_convolution {
  struct eh_arena *arena;
  double *data, *scratch;
  size_t capacity, scratch_capacity;
  struct block blocks[DEEPEST];
  size_t depth;
};

struct eh_convolution *eh_convolution_new(struct eh_arena *arena) {
  struct eh_convolution *c = eh_arena_alloc(arena, 1, sizeof *c);
  c->arena = arena;
  return c;
}

void eh_convolution_start(struct eh_convolution *c) { c->depth = 0; }

static size_t used(const struct eh_convolution *c) {
  if (c->depth == 0) return 0;
  const struct block *top = &c->blocks[c->depth - 1];
  return top->offset + top->width;
}

/* Doubling keeps what is left behind in the arena below what is in use. */
static void grow(struct eh_arena *arena, double **memory, size_t *capacity, size_t kept,
                 size_t wanted) {
  if (wanted <= *capacity) return;
  size_t larger = wanted > 2 * *capacity ? wanted : 2 * *capacity;
  if (larger < 1024) larger = 1024;
  double *moved = eh_arena_alloc(arena, larger, sizeof *moved);
  if (kept > 0) memcpy(moved, *memory, kept * sizeof *moved);
  *memory = moved;
  *capacity = larger;
}

static double *room_for(struct eh_convolution *c, size_t room) {
  grow(c->arena, &c->data, &c->capacity, used(c), used(c) + room);
  return c->data + used(c);
}

static double *scratch_for(struct eh_convolution *c, size_t room) {
  grow(c->arena, &c->scratch, &c->scratch_capacity, 0, room);
  return c->scratch;
}

/* Two values at once, at any address. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

/* out[i] = sum_j a[j] b[i - j]. b has LANES - 1 zeros before and after it; out has room for a
   multiple of LANES. The sums of LANES values stay in registers, written out because the compiler
   would put an array in memory. */
static void convolve(const double *restrict a, size_t a_width, const double *restrict b,
                     size_t b_width, double *restrict out) {
  for (size_t i = 0; i < a_width + b_width - 1; i += LANES) {
    size_t from = i + 1 > b_width ? i + 1 - b_width : 0;
    size_t to = i + LANES < a_width ? i + LANES : a_width;
    pair sum0 = {0.0, 0.0}, sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (size_t j = from; j < to; j++) {
      const pair *terms = (const pair *)(b + ((ptrdiff_t)i - (ptrdiff_t)j));
      sum0 += a[j] * terms[0];
      sum1 += a[j] * terms[1];
      sum2 += a[j] * terms[2];
      sum3 += a[j] * terms[3];
    }
    pair *sums = (pair *)(out + i);
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }
}

/* Leave out negligible ends. */
static void trim(struct eh_convolution *c, struct block *block) {
  double *pmf = c->data + block->offset, mass = 0.0;
  size_t from = 0, to = block->width;
  while (to > 1 && (mass += pmf[to - 1]) < EH_NEGLIGIBLE) to--;
  mass = 0.0;
  while (from + 1 < to && (mass += pmf[from]) < EH_NEGLIGIBLE) from++;
  if (from > 0) memmove(pmf, pmf + from, (to - from) * sizeof *pmf);
  block->width = to - from;
  block->first += from * block->step;
}

static double deviation(const struct eh_convolution *c, const struct block *block) {
  const double *pmf = c->data + block->offset;
  double zero = 0.0, one = 0.0, two = 0.0, middle = (double)block->width / 2.0;
  for (size_t i = 0; i < block->width; i++) {
    double distance = (double)i - middle;
    zero += pmf[i];
    one += pmf[i] * distance;
    two += pmf[i] * distance * distance;
  }
  return sqrt(fmax(two / zero - one / zero * (one / zero), 0.0)) * (double)block->step;
}

/* Keep every factor-th value. That loses nothing as long as the new step is at most a quarter of
   the standard deviation sd: the counts are sums of independent yes/no variables, so their
   characteristic function is at most exp(-sd^2 (1 - cos u)), below 1e-22 from u = 10/sd on, and
   sums over every h-th value of one distribution, or of the product of two, are off by what it
   amounts to beyond 2 pi/h less 10/sd of the other. */
static void thin(struct eh_convolution *c, struct block *block, uint64_t factor) {
  double *pmf = c->data + block->offset;
  size_t width = 0;
  for (size_t i = 0; i < block->width; i += factor) pmf[width++] = pmf[i] * (double)factor;
  block->width = width;
  block->step *= factor;
}

/* Weights of the NODES values around a point at fraction (0 to 1) between the two in the middle. */
static void lagrange(double fraction, double weight[NODES]) {
  for (int i = 0; i < NODES; i++) {
    weight[i] = 1.0;
    for (int j = 0; j < NODES; j++)
      if (j != i) weight[i] *= (fraction + NODES / 2 - 1 - j) / (double)(i - j);
  }
}

/* Bring the top block back to a finer step. A block is thinned only to some 400 values per standard
   deviation, where interpolation over 8 of them errs by 400^-8. */
static void refine(struct eh_convolution *c, uint64_t step) {
  struct block *block = &c->blocks[c->depth - 1];
  size_t factor = (size_t)(block->step / step), width = block->width;
  if (factor <= 1) return;
  size_t fine = (width - 1) * factor + 1;
  (void)room_for(c, fine);
  double *coarse = scratch_for(c, width + 2 * NODES);
  memset(coarse, 0, (width + 2 * NODES) * sizeof *coarse);
  memcpy(coarse + NODES, c->data + block->offset, width * sizeof *coarse);
  double *pmf = c->data + block->offset;
  for (size_t phase = 0; phase < factor; phase++) {
    double weight[NODES];
    lagrange((double)phase / (double)factor, weight);
    for (size_t i = phase, j = 0; i < fine; i += factor, j++) {
      double sum = 0.0;
      for (int k = 0; k < NODES; k++) sum += weight[k] * coarse[j + NODES / 2 + 1 + (size_t)k];
      pmf[i] = sum > 0.0 ? sum / (double)factor : 0.0;
    }
  }
  block->width = fine;
  block->step = step;
}

static void limit_width(struct eh_convolution *c, struct block *block) {
  while (block->width > EH_WIDEST) thin(c, block, 2);
}

/* Exchange the two blocks on top. */
static void swap_top(struct eh_convolution *c) {
  struct block *a = &c->blocks[c->depth - 2], *b = &c->blocks[c->depth - 1], old = *a;
  double *copy = scratch_for(c, a->width);
  memcpy(copy, c->data + a->offset, a->width * sizeof *copy);
  memmove(c->data + a->offset, c->data + b->offset, b->width * sizeof *copy);
  memcpy(c->data + a->offset + b->width, copy, a->width * sizeof *copy);
  *a = (struct block){old.offset, b->width, b->first, b->step};
  *b = (struct block){old.offset + a->width, old.width, old.first, old.step};
}

/* Give the two blocks on top the same step: the larger one of theirs, or what the narrower of them
 * bears. */
static void match_steps(struct eh_convolution *c) {
  struct block *a = &c->blocks[c->depth - 2], *b = &c->blocks[c->depth - 1];
  if (a->step == b->step) return;
  if (a->step > b->step) swap_top(c);
  double narrow = fmin(deviation(c, a), deviation(c, b));
  uint64_t step = b->step;
  while (step > a->step && (double)step > narrow / 4.0) step /= 2;
  refine(c, step);
  if (step == a->step) return;
  size_t gap = a->width;
  thin(c, a, step / a->step);
  gap -= a->width;
  memmove(c->data + b->offset - gap, c->data + b->offset, b->width * sizeof *c->data);
  b->offset -= gap;
}

/* Replace the two blocks on top by their convolution. */
static void merge_top(struct eh_convolution *c) {
  match_steps(c);
  struct block a = c->blocks[c->depth - 2], b = c->blocks[c->depth - 1];
  size_t width = a.width + b.width - 1, room = width + LANES;
  double *result = scratch_for(c, room + 2 * (LANES - 1) + (a.width > b.width ? a.width : b.width));
  const struct block *wide = a.width > b.width ? &a : &b, *slim = a.width > b.width ? &b : &a;
  double *padded = result + room;
  memset(padded, 0, (LANES - 1) * sizeof *padded);
  memcpy(padded + LANES - 1, c->data + wide->offset, wide->width * sizeof *padded);
  memset(padded + LANES - 1 + wide->width, 0, (LANES - 1) * sizeof *padded);
  convolve(c->data + slim->offset, slim->width, padded + LANES - 1, wide->width, result);
  c->depth--;
  struct block *top = &c->blocks[c->depth - 1];
  memcpy(c->data + top->offset, result, width * sizeof *result);
  *top = (struct block){top->offset, width, a.first + b.first, a.step};
  trim(c, top);
  limit_width(c, top);
}

/* Merge while the block below is not twice as wide as the top one. */
static void settle(struct eh_convolution *c) {
  while (c->depth >= 2 && c->blocks[c->depth - 2].width < 2 * c->blocks[c->depth - 1].width)
    merge_top(c);
}

static void push_block(struct eh_convolution *c, size_t width, uint64_t first) {
  assert(c->depth < DEEPEST && width > 0);
  size_t offset = used(c);
  c->blocks[c->depth++] = (struct block){offset, width, first, 1};
}

double *eh_convolution_reserve(struct eh_convolution *c, size_t room) { return room_for(c, room); }

void eh_convolution_push(struct eh_convolution *c, size_t width, uint64_t first) {
  push_block(c, width, first);
  limit_width(c, &c->blocks[c->depth - 1]);
  settle(c);
}

/* Folding in place, from the top down: each sum needs the old values at and below its own place. */
void eh_convolution_fold(struct eh_convolution *c, const double *pmf, size_t width) {
  assert(width >= 1 && width <= EH_NARROW);
  struct block *top = c->depth > 0 ? &c->blocks[c->depth - 1] : NULL;
  if (!top || top->width + width - 1 > FOLDED_WIDTH) {
    settle(c);
    memcpy(room_for(c, FOLDED_WIDTH), pmf, width * sizeof *pmf);
    push_block(c, width, 0);
    return;
  }
  (void)room_for(c, width);
  double *sums = c->data + top->offset;
  memset(sums + top->width, 0, (width - 1) * sizeof *sums);
  top->width += width - 1;
  for (size_t i = top->width; i-- > 0;) {
    size_t terms = i + 1 < width ? i + 1 : width;
    double sum = 0.0;
    for (size_t j = 0; j < terms; j++) sum += pmf[j] * sums[i - j];
    sums[i] = sum;
  }
  while (top->width > 1 && sums[top->width - 1] < EH_NEGLIGIBLE * EH_NEGLIGIBLE) top->width--;
}

struct eh_distribution eh_convolution_finish(struct eh_convolution *c) {
  if (c->depth == 0) {
    room_for(c, 1)[0] = 1.0;
    push_block(c, 1, 0);
  }
  while (c->depth >= 2) merge_top(c);
  refine(c, 1);
  const struct block *all = &c->blocks[0];
  return (struct eh_distribution){c->data + all->offset, all->width, all->first};
}
