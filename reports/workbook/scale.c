#include "reports/workbook/scale.h"

#include "rules/language/question.h"

struct eh_scale eh_scale_of(const struct eh_measure *measure) {
  if (!eh_is_amount(measure))
    return (struct eh_scale){.plain = EH_STYLE_PERCENT,
                             .difference = EH_STYLE_DIFFERENCE,
                             .unit = "points",
                             .in = ", in ",
                             .axis_unit = "points",
                             .axis = "+0;-0;0",
                             .factor = 100.0};
  return (struct eh_scale){.plain = EH_STYLE_AMOUNT,
                           .difference = EH_STYLE_AMOUNT,
                           .is_amount = true,
                           .unit = measure->unit,
                           .in = *measure->unit ? ", in " : "",
                           .axis_unit = measure->unit,
                           .axis = "General",
                           .factor = 1.0};
}
