/* Is a workbook that was just written whole?
 *
 * libxlsxwriter collects each part in a temporary file and does not notice when that file's disk is
 * full: the part is cut short, the archive around it is sound, and the call reports success. So
 * look: each XML part must end with its root's closing tag.
 */
#ifndef EVENHAND_REPORTS_PACKAGE_CHECK_H
#define EVENHAND_REPORTS_PACKAGE_CHECK_H

#include "engine/base/error.h"

enum eh_status eh_package_check(const char *path, struct eh_error *error) EH_MUST_USE;

#endif
