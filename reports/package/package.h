/* The evidence package: one zip that holds an audit with all that redoes it.
 *
 *   README.txt     what it is, and how to verify it
 *   manifest.json  the program's version, the day, the options, the records' names and digests, and
 *                  the digest of every other member
 *   rules.yaml     as they were read
 *   findings.json  as --json
 *   cells.csv      as --cells
 *   figures.csv    what the cells alone give of every unit
 *   verify.R       redoes these from the cells in R, and compares
 *   audit.xlsx     the workbook
 *
 * No record is in it, but for what the workbook shows of findings. The same audit gives the same
 * bytes.
 */
#ifndef EVENHAND_REPORTS_PACKAGE_H
#define EVENHAND_REPORTS_PACKAGE_H

#include "reports/report.h"

enum eh_package_member {
  EH_PACKAGE_README,
  EH_PACKAGE_RULES,
  EH_PACKAGE_FINDINGS,
  EH_PACKAGE_CELLS,
  EH_PACKAGE_FIGURES,
  EH_PACKAGE_SCRIPT,
  EH_PACKAGE_WORKBOOK,
  EH_PACKAGE_MEMBERS /* and the manifest, which stands last in the zip */
};
const char *eh_package_member_name(enum eh_package_member member);
#define EH_PACKAGE_MANIFEST "manifest.json"
enum { EH_PACKAGE_FORMAT = 1 };

/* What of the command line has an influence on the audit, so that it can be made again. */
struct eh_package_options {
  char delimiter; /* 0: not given */
  uint64_t skip_lines;
  const char *sheet; /* NULL: not given */
  bool reliability, no_reliability, use_libcsv, with_scorecards, with_pseudonyms;
  const char *asked; /* "records", "database" or "cells": where they came from */
};

/* One member, but the README and the manifest, as the audit gives it. The workbook goes to path (a
   temporary file), the others to the stream. */
enum eh_status eh_package_write_member(const struct eh_audit *audit,
                                       const struct eh_report_context *context,
                                       enum eh_package_member member, FILE *stream,
                                       const char *path, struct eh_error *error) EH_MUST_USE;

/* The whole, onto path; workbook: a second temporary file's path. fingerprint: of the manifest, for
   the working papers. */
enum eh_status eh_package_write(const struct eh_audit *audit,
                                const struct eh_report_context *context,
                                const struct eh_package_options *options, const char *path,
                                const char *workbook, char fingerprint[65],
                                struct eh_error *error) EH_MUST_USE;

/* What the cells alone give of every unit of every comparison, as CSV. */
enum eh_status eh_package_figures_write(const struct eh_audit *audit, FILE *stream,
                                        struct eh_error *error) EH_MUST_USE;
/* The R script that redoes it. */
extern const char eh_package_script[];

#endif
