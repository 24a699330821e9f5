#include "engine/load/containers/statistical.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/cell_text.h"
#include "engine/load/containers/made_text.h"
#include "engine/load/containers/statistical_file.h"

enum { HANDED_OVER = 1 << 16 }; /* bytes of text, at once */

/* ReadStat does not stop for us: the second reading runs in a thread, which hands its text over. */
struct eh_statistical {
  struct eh_arena *arena;
  struct eh_stored stored;
  enum eh_statistical_format format;
  enum eh_statistical_program program;
  struct eh_variable *variables;
  size_t count, capacity;
  struct eh_label *labels;
  size_t label_count, label_capacity;

  bool is_running;
  pthread_t thread;
  pthread_mutex_t lock; /* of what follows, while the thread runs */
  pthread_cond_t moved;
  struct eh_buffer text; /* handed over; taken: of it */
  size_t taken;
  bool is_full, is_done, is_stopped;
  enum eh_status status;
  struct eh_error error;

  struct eh_buffer made; /* the thread's own */
  uint64_t line, cases;
  bool is_counted; /* a whole reading was */
  struct eh_row_map rows;
  const char **notes;
  size_t note_count;
};

/* --- what it is --- */

static bool is_stata(const char *bytes, size_t length) {
  enum { OLDEST = 102, NEWEST = 119 };
  if (length >= 11 && memcmp(bytes, "<stata_dta>", 11) == 0) return true;
  unsigned char version = (unsigned char)bytes[0];
  return length >= 4 && version >= OLDEST && version <= NEWEST &&
         (bytes[1] == 1 || bytes[1] == 2) && bytes[2] == 1 && bytes[3] == 0;
}

static enum eh_statistical_format format_of(const char *bytes, size_t length) {
  static const char sas[] = "\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00"
                            "\x09\xc7\x31\x8c\x18\x1f\x10\x11";
  static const char xport[] = "HEADER RECORD*******LIB";
  static const char portable[] = "ASCII SPSS PORT FILE";
  if (length >= 4 && (memcmp(bytes, "$FL2", 4) == 0 || memcmp(bytes, "$FL3", 4) == 0))
    return EH_SAV;
  if (length >= sizeof sas - 1 && memcmp(bytes, sas, sizeof sas - 1) == 0) return EH_SAS7BDAT;
  if (length >= sizeof xport - 1 && memcmp(bytes, xport, sizeof xport - 1) == 0) return EH_XPORT;
  if (length >= sizeof portable - 1 && memcmp(bytes, portable, sizeof portable - 1) == 0)
    return EH_POR;
  return length >= 4 && is_stata(bytes, length) ? EH_DTA : EH_STATISTICAL_FORMATS;
}

bool eh_statistical_is(const char *bytes, size_t length) {
  return format_of(bytes, length) != EH_STATISTICAL_FORMATS;
}

/* --- the first reading: variables and labels --- */

static void take_variable(void *context, const char *name, const char *set, const char *format) {
  struct eh_statistical *s = context;
  if (s->count == s->capacity) {
    s->capacity = s->capacity ? 2 * s->capacity : 64;
    s->variables = eh_resize(s->variables, s->capacity, sizeof *s->variables);
  }
  s->variables[s->count++] =
      (struct eh_variable){.name = eh_arena_string(s->arena, name ? name : ""),
                           .set = set ? eh_arena_string(s->arena, set) : NULL,
                           .kind = eh_statistical_kind_of(s->program, format)};
}

static void take_label(void *context, const struct eh_label *label) {
  struct eh_statistical *s = context;
  if (s->label_count == s->label_capacity) {
    s->label_capacity = s->label_capacity ? 2 * s->label_capacity : 256;
    s->labels = eh_resize(s->labels, s->label_capacity, sizeof *s->labels);
  }
  struct eh_label *kept = &s->labels[s->label_count++];
  size_t length = strlen(label->label);
  char *copy = eh_arena_copy(s->arena, label->label, length);
  copy = eh_cell_trim(copy, &length, false);
  copy[length] = '\0';
  *kept = (struct eh_label){eh_arena_string(s->arena, label->set),
                            label->text ? eh_arena_string(s->arena, label->text) : NULL,
                            label->number, copy};
}

/* Stata's labels stand behind the cases; elsewhere the first case ends what is looked for. */
static bool pass_value(void *context, const struct eh_statistical_cell *cell) {
  (void)cell;
  return ((struct eh_statistical *)context)->format == EH_DTA;
}

static int compare_within(const struct eh_label *a, const struct eh_label *b) {
  if (a->text || b->text) {
    if (!a->text || !b->text) return a->text ? 1 : -1;
    return strcmp(a->text, b->text);
  }
  return (a->number > b->number) - (a->number < b->number);
}

static int compare_labels(const void *left, const void *right) {
  const struct eh_label *a = left, *b = right;
  int sets = strcmp(a->set, b->set);
  return sets ? sets : compare_within(a, b);
}

static void give_labels(struct eh_statistical *s) {
  if (s->label_count) qsort(s->labels, s->label_count, sizeof *s->labels, compare_labels);
  for (size_t v = 0; v < s->count; v++) {
    struct eh_variable *variable = &s->variables[v];
    for (size_t i = 0; i < s->label_count && variable->set; i++) {
      if (strcmp(s->labels[i].set, variable->set) != 0) continue;
      if (variable->label_count++ == 0) variable->labels = &s->labels[i];
    }
  }
}

/* --- the second reading --- */

static const struct eh_label *find_label(const struct eh_variable *v, const struct eh_label *key) {
  size_t low = 0, high = v->label_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (compare_within(&v->labels[middle], key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < v->label_count && compare_within(&v->labels[low], key) == 0 ? &v->labels[low]
                                                                           : NULL;
}

static void put_text(struct eh_statistical *s, const char *text) {
  size_t length = strlen(text);
  struct eh_buffer copy = {0};
  eh_buffer_add(&copy, text, length);
  char *trimmed = eh_cell_trim(copy.text, &length, false);
  s->line += eh_made_field(&s->made, trimmed, length);
  eh_buffer_free(&copy);
}

static void put_cell(struct eh_statistical *s, struct eh_variable *v,
                     const struct eh_statistical_cell *cell) {
  struct eh_label key = {.text = cell->text, .number = cell->number};
  if (cell->is_missing) {
    v->missing += cell->is_marked;
    return;
  }
  const struct eh_label *label = v->label_count ? find_label(v, &key) : NULL;
  if (label) {
    v->labelled++;
    s->line += eh_made_field(&s->made, label->label, strlen(label->label));
    return;
  }
  v->others++;
  if (cell->text) {
    put_text(s, cell->text);
    return;
  }
  char number[EH_NUMBER_TEXT];
  size_t length = eh_statistical_text(cell->number, s->program, v->kind, cell->digits, number);
  eh_buffer_add(&s->made, number, length);
}

/* False: nobody wants more. */
static bool hand_over(struct eh_statistical *s) {
  pthread_mutex_lock(&s->lock);
  while (s->is_full && !s->is_stopped) pthread_cond_wait(&s->moved, &s->lock);
  struct eh_buffer old = s->text;
  s->text = s->made;
  s->made = old;
  s->made.length = s->taken = 0;
  s->is_full = s->text.length > 0;
  bool goes_on = !s->is_stopped;
  pthread_cond_broadcast(&s->moved);
  pthread_mutex_unlock(&s->lock);
  return goes_on;
}

static bool take_value(void *context, const struct eh_statistical_cell *cell) {
  struct eh_statistical *s = context;
  if (cell->variable >= s->count) return false;
  if (cell->variable == 0) {
    pthread_mutex_lock(&s->lock);
    eh_row_map_note(&s->rows, s->line, s->cases + 1);
    pthread_mutex_unlock(&s->lock);
  } else {
    eh_buffer_add(&s->made, ",", 1);
  }
  size_t before = s->made.length;
  put_cell(s, &s->variables[cell->variable], cell);
  if (cell->variable + 1 < s->count) return true;
  if (s->count == 1 && s->made.length == before) eh_buffer_add(&s->made, "\"\"", 2);
  eh_buffer_add(&s->made, "\n", 1);
  s->line++;
  s->cases++;
  return s->made.length < HANDED_OVER || hand_over(s);
}

static void *work(void *context) {
  static const struct eh_statistical_calls calls = {.value = take_value};
  struct eh_statistical *s = context;
  struct eh_error error;
  enum eh_status status = eh_statistical_parse(&s->stored, s->format, &calls, s, &error);
  if (s->made.length) hand_over(s);
  pthread_mutex_lock(&s->lock);
  s->is_done = true;
  s->status = status;
  if (status != EH_OK) s->error = error;
  pthread_cond_broadcast(&s->moved);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static void stop(struct eh_statistical *s) {
  if (!s->is_running) return;
  pthread_mutex_lock(&s->lock);
  s->is_stopped = true;
  pthread_cond_broadcast(&s->moved);
  pthread_mutex_unlock(&s->lock);
  pthread_join(s->thread, NULL);
  s->is_running = false;
}

static void put_names(struct eh_statistical *s) {
  for (size_t v = 0; v < s->count; v++) {
    if (v) eh_buffer_add(&s->made, ",", 1);
    s->line += eh_made_field(&s->made, s->variables[v].name, strlen(s->variables[v].name));
  }
  eh_buffer_add(&s->made, "\n", 1);
  s->line++;
}

enum eh_status eh_statistical_rewind(struct eh_statistical *s, struct eh_error *error) {
  stop(s);
  s->text.length = s->made.length = s->taken = 0;
  s->is_full = s->is_done = s->is_stopped = false;
  s->line = 1;
  s->cases = 0;
  if (!s->rows.is_whole) s->rows.count = 0;
  for (size_t v = 0; v < s->count && !s->is_counted; v++)
    s->variables[v].labelled = s->variables[v].others = s->variables[v].missing = 0;
  put_names(s);
  if (pthread_create(&s->thread, NULL, work, s) != 0)
    return eh_fail(error, EH_MACHINE, "no thread can be started to read %s", s->stored.name);
  s->is_running = true;
  return EH_OK;
}

enum eh_status eh_statistical_read(struct eh_statistical *s, char *buffer, size_t wanted,
                                   size_t *got, struct eh_error *error) {
  *got = 0;
  pthread_mutex_lock(&s->lock);
  while (!s->is_full && !s->is_done) pthread_cond_wait(&s->moved, &s->lock);
  size_t left = s->is_full ? s->text.length - s->taken : 0;
  *got = left < wanted ? left : wanted;
  if (*got) memcpy(buffer, s->text.text + s->taken, *got);
  s->taken += *got;
  s->is_full = s->is_full && s->taken < s->text.length;
  enum eh_status status = *got == 0 ? s->status : EH_OK;
  if (status != EH_OK) *error = s->error;
  if (*got == 0 && status == EH_OK) s->rows.is_whole = s->is_counted = true;
  pthread_cond_broadcast(&s->moved);
  pthread_mutex_unlock(&s->lock);
  return status;
}

/* --- the whole --- */

static enum eh_status look_first(struct eh_statistical *s, struct eh_error *error) {
  static const struct eh_statistical_calls calls = {take_variable, take_label, pass_value};
  EH_TRY(eh_statistical_parse(&s->stored, s->format, &calls, s, error));
  if (s->count == 0)
    return eh_fail_at(error, EH_BAD_INPUT, s->stored.name, 0, 0, "has no variables");
  give_labels(s);
  return eh_statistical_rewind(s, error);
}

enum eh_status eh_statistical_open(struct eh_statistical **file, const struct eh_stored *stored,
                                   struct eh_error *error) {
  enum { LOOK = 64 };
  char bytes[LOOK];
  size_t length;
  EH_TRY(stored->read_at(stored->context, 0, bytes, sizeof bytes, &length, error));
  struct eh_statistical *s = *file = eh_alloc_zeroed(1, sizeof *s);
  s->arena = eh_arena_new();
  s->stored = *stored;
  s->format = format_of(bytes, length);
  s->program = s->format == EH_DTA                            ? EH_STATA
               : s->format == EH_SAV || s->format == EH_POR ? EH_SPSS
                                                              : EH_SAS;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->moved, NULL);
  enum eh_status status = look_first(s, error);
  if (status == EH_OK) return EH_OK;
  eh_statistical_free(s);
  *file = NULL;
  return status;
}

void eh_statistical_free(struct eh_statistical *s) {
  if (!s) return;
  stop(s);
  pthread_cond_destroy(&s->moved);
  pthread_mutex_destroy(&s->lock);
  eh_row_map_free(&s->rows);
  eh_buffer_free(&s->text);
  eh_buffer_free(&s->made);
  free(s->variables);
  free(s->labels);
  eh_arena_free(s->arena);
  free(s);
}

const char *eh_statistical_kind(const struct eh_statistical *s) {
  static const char *const names[] = {[EH_SPSS] = "SPSS", [EH_STATA] = "Stata", [EH_SAS] = "SAS"};
  return names[s->program];
}

uint64_t eh_statistical_case(struct eh_statistical *s, uint64_t line) {
  pthread_mutex_lock(&s->lock);
  uint64_t number = eh_row_map_row(&s->rows, line);
  pthread_mutex_unlock(&s->lock);
  return number;
}

/* --- notes --- */

static const char *repeated_label(const struct eh_variable *v) {
  for (size_t i = 0; i < v->label_count; i++)
    for (size_t k = i + 1; k < v->label_count && v->label_count <= 1000; k++)
      if (strcmp(v->labels[i].label, v->labels[k].label) == 0) return v->labels[i].label;
  return NULL;
}

static void note_variable(struct eh_statistical *s, const struct eh_variable *v) {
  const char *again = v->label_count && v->labelled ? repeated_label(v) : NULL;
  if (v->labelled && v->others)
    s->notes[s->note_count++] = eh_arena_printf(
        s->arena, "%.200s: %llu values are their labels, and %llu without a label are as they are",
        v->name, (unsigned long long)v->labelled, (unsigned long long)v->others);
  if (v->missing)
    s->notes[s->note_count++] =
        eh_arena_printf(s->arena, "%.200s: %llu values are marked as missing there, not recorded",
                        v->name, (unsigned long long)v->missing);
  if (again)
    s->notes[s->note_count++] = eh_arena_printf(
        s->arena, "%.200s: several values have the label \"%.200s\", and became one", v->name,
        again);
}

const char *const *eh_statistical_notes(struct eh_statistical *s, size_t *count) {
  enum { NOTES_EACH = 3 };
  *count = s->note_count;
  if (s->notes || !s->is_counted) return s->notes;
  s->notes = eh_arena_alloc(s->arena, NOTES_EACH * s->count + 1, sizeof *s->notes);
  size_t labelled = 0;
  for (size_t v = 0; v < s->count; v++) labelled += s->variables[v].labelled > 0;
  if (labelled)
    s->notes[s->note_count++] = eh_arena_printf(
        s->arena, "the values of %zu variable%s are their labels", labelled,
        labelled == 1 ? "" : "s");
  for (size_t v = 0; v < s->count; v++) note_variable(s, &s->variables[v]);
  *count = s->note_count;
  return s->notes;
}
