/* The kinds of origin. */
#ifndef EVENHAND_LOAD_ORIGINS_H
#define EVENHAND_LOAD_ORIGINS_H

#include "engine/load/origin.h"

const struct eh_origin_kind *eh_origin_files(void);    /* names: files of records */
const struct eh_origin_kind *eh_origin_database(void); /* database: where and what */
const struct eh_origin_kind *eh_origin_cells(void);    /* names: one file of cells, or of counts */

#endif
