/* Which rows of files are the header and which are records, in words. */
#include "rules/explain/internal.h"

void eh_explain_rows(struct eh_explanation *explanation, size_t indent,
                     const struct eh_header_place *header, enum eh_totals_rows totals) {
  unsigned long long line = header->line;
  if (line && header->count == 1)
    eh_prose_paragraph(explanation->out, indent, "", "Line %llu of each file names the columns.",
                       line);
  if (line && header->count == 2)
    eh_prose_paragraph(explanation->out, indent, "",
                       "Lines %llu and %llu of each file name the columns: \"Upper / lower\".",
                       line, line + 1);
  if (totals != EH_TOTALS_NOT_SAID)
    eh_prose_paragraph(explanation->out, indent, "",
                       "Rows that look like totals of other rows are %s.",
                       totals == EH_TOTALS_KEEP ? "records like any other" : "left out");
}
