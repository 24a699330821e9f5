/* What a zip is: a workbook of a format that is read, something else that is no text, or neither. */
#ifndef EVENHAND_LOAD_PACKAGE_H
#define EVENHAND_LOAD_PACKAGE_H

#include "engine/load/containers/zip.h"

enum eh_package { EH_PACKAGE_NONE, EH_PACKAGE_XLSX, EH_PACKAGE_ODS };

/* Told by the parts, never by the name. Documents, .xlsb, .numbers and encrypted workbooks are
   refused in their own words. */
enum eh_status eh_package_of(struct eh_zip *zip, enum eh_package *package,
                             struct eh_error *error) EH_MUST_USE;

#endif
