/* What the words of a header say of a column's role, in English and, by way of that, in Spanish,
 * French, German, Portuguese and Dutch. */
#include "engine/load/survey/guess_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uninorm.h>

/* What a word of a header says for a role (above 0) or against it. */
struct clue {
  const char *word; /* the beginning of a word, where it has at least 4 letters; else the whole */
  double weight[EH_ROLES];
};
/*                        case person date officer office outcome factor */
static const struct clue clues[] = {
    {"case", {.5, 0, 0, 0, 0, 0, -.1}},
    {"record", {.4, 0, 0, 0, 0, 0, 0}},
    {"incident", {.4, 0, .1, 0, 0, 0, 0}},
    {"encounter", {.25, 0, .05, 0, 0, -.1, 0}},
    {"stop", {.4, 0, .1, 0, 0, 0, 0}},
    {"claimant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"claim", {.35, 0, 0, 0, 0, 0, 0}},
    {"application", {.35, 0, .1, 0, 0, 0, 0}},
    {"ref", {.35, .1, -.2, .1, 0, -.3, -.3}},
    {"reference", {.35, .1, -.2, .1, 0, -.3, -.3}},
    {"hearing", {.2, 0, .35, -.1, 0, .1, -.1}},
    {"docket", {.5, 0, 0, 0, 0, 0, 0}},
    {"file", {.4, 0, 0, 0, 0, 0, 0}},
    {"receipt", {.4, 0, .1, 0, 0, 0, 0}},
    {"id", {.3, .2, -.3, .25, .05, -.3, -.3}},
    {"no", {.2, .1, -.2, .15, .05, -.3, -.3}},
    {"num", {.2, .1, -.2, .15, .05, -.3, -.3}},
    {"number", {.25, .1, -.2, .2, .05, -.3, -.3}},
    {"code", {.1, 0, -.1, .15, .15, 0, 0}},
    {"person", {-.4, .6, 0, 0, 0, 0, 0}},
    {"subject", {-.4, .5, -.1, -.2, -.2, -.1, .15}},
    {"individual", {-.4, .6, 0, 0, 0, 0, 0}},
    {"alien", {-.3, .6, 0, 0, 0, 0, 0}},
    {"anumber", {-.3, .7, 0, 0, 0, -.3, -.3}},
    {"defendant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"respondent", {-.4, .6, 0, 0, 0, 0, .1}},
    {"applicant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"client", {-.4, .6, 0, 0, 0, 0, .1}},
    {"offender", {-.4, .6, 0, 0, 0, 0, .1}},
    {"prisoner", {-.4, .6, 0, 0, 0, 0, .1}},
    {"detainee", {-.4, .6, 0, 0, 0, 0, .1}},
    {"petitioner", {-.4, .6, 0, 0, 0, 0, .1}},
    {"beneficiary", {-.4, .6, 0, 0, 0, 0, .1}},
    {"inmate", {-.4, .6, 0, 0, 0, 0, .1}},
    {"date", {-.4, -.4, .3, -.4, -.4, -.4, -.3}},
    {"dt", {-.4, -.4, .3, -.4, -.4, -.4, -.3}},
    {"decision", {0, 0, .5, .1, 0, .35, -.3}},
    {"decided", {0, 0, .5, 0, 0, .3, 0}},
    {"disposition", {0, 0, .4, 0, 0, .6, 0}},
    {"arraignment", {0, 0, .3, 0, 0, 0, 0}},
    {"event", {.1, 0, .3, 0, .05, 0, 0}},
    {"reported", {0, 0, .3, 0, 0, 0, 0}},
    {"closed", {0, 0, .3, 0, 0, .2, 0}},
    {"arrival", {0, 0, -.4, 0, 0, 0, .2}},
    {"entry", {0, 0, -.3, 0, 0, 0, .1}},
    {"birth", {-.4, -.3, -.7, -.5, -.4, -.4, .3}},
    {"dob", {-.4, -.3, -.7, -.5, -.4, -.4, .3}},
    {"yob", {-.4, -.3, -.7, -.6, -.4, -.4, .2}},
    {"complaint", {.5, -.4, .1, -.3, -.2, -.2, -.2}},
    {"officer", {-.4, -.4, -.2, .6, -.3, -.1, -.4}},
    {"agent", {-.4, -.2, -.2, .6, -.3, 0, -.4}},
    {"ij", {-.4, -.2, -.2, .7, -.2, 0, -.4}}, /* immigration judge */
    {"judge", {-.4, -.2, -.2, .7, -.2, 0, -.4}},
    {"adjudicator", {-.4, -.2, -.2, .7, -.2, 0, -.4}},
    {"chair", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"panel", {-.2, -.2, -.2, .3, .1, -.2, -.4}},
    {"magistrate", {-.4, -.2, -.2, .7, -.2, -.2, -.4}},
    {"commissioner", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"maker", {-.4, -.2, -.2, .5, -.2, -.4, -.4}},
    {"reviewer", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"assessor", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"examiner", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"caseworker", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"official", {-.4, -.2, -.2, .5, -.2, 0, -.4}},
    {"attorney", {-.4, -.2, -.2, .5, -.2, 0, -.3}},
    {"badge", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"office", {-.3, -.3, -.3, -.2, .6, -.3, -.4}},
    {"area", {-.2, -.2, -.2, -.2, .4, -.2, -.2}},
    {"responsibility", {-.2, -.2, -.2, -.2, .3, -.2, -.3}},
    {"district", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"precinct", {-.2, -.2, -.2, -.2, .55, -.2, -.2}},
    {"station", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"sector", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"region", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"branch", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"court", {-.1, -.2, -.1, -.1, .5, -.2, -.2}},
    {"prison", {-.3, -.3, -.2, -.2, .55, -.2, -.2}},
    {"facility", {-.3, -.3, -.2, -.2, .5, -.2, -.2}},
    {"institution", {-.3, -.3, -.2, -.2, .5, -.2, -.2}},
    {"centre", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"center", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"department", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"county", {-.2, -.2, -.2, -.2, .4, -.2, 0}},
    {"division", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"squad", {-.3, -.2, -.2, -.5, .35, -.2, -.3}},
    {"location", {-.2, -.2, -.2, -.2, .3, -.2, 0}},
    {"field", {0, 0, 0, 0, .1, 0, 0}},
    {"outcome", {-.2, -.2, .1, -.2, -.2, .8, -.4}},
    {"result", {-.2, -.2, 0, -.2, -.2, .7, -.4}},
    {"arrest", {-.1, -.1, .1, 0, 0, .5, -.3}},
    {"granted", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"determination", {-.2, -.2, .2, -.2, -.2, .6, -.4}},
    {"verdict", {-.2, -.2, .1, -.2, -.2, .7, -.4}},
    {"bail", {-.2, -.2, 0, -.2, -.2, .25, -.5}},
    {"award", {-.2, -.2, 0, -.2, -.2, .25, -.5}},
    {"amount", {-.3, -.3, -.2, -.3, -.3, -.2, -.4}},
    {"approved", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"released", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"frisk", {-.1, -.1, 0, 0, 0, .45, -.3}},
    {"action", {-.1, -.1, .1, 0, 0, .4, -.2}},
    {"status", {-.1, -.1, 0, 0, 0, .2, .1}},
    {"flag", {-.3, -.3, -.2, -.3, -.3, .2, 0}},
    {"later", {0, 0, 0, 0, 0, -.4, -.6}},
    {"point", {0, 0, 0, 0, 0, -.35, .55}},
    {"basis", {0, 0, 0, 0, 0, -.2, -.6}},
    {"reason", {0, 0, 0, 0, 0, -.2, -.5}},
    {"criminal", {0, 0, 0, 0, 0, -.2, .5}},
    {"history", {0, 0, 0, 0, 0, -.2, .4}},
    {"priority", {0, 0, 0, 0, 0, -.1, .5}},
    {"offence", {0, 0, 0, 0, 0, -.1, .4}},
    {"offense", {0, 0, 0, 0, 0, -.1, .4}},
    {"prior", {-.2, -.2, -.2, -.3, -.3, -.4, .4}},
    {"previous", {-.2, -.2, -.2, -.3, -.3, -.4, .4}},
    {"convictions", {-.2, -.2, -.2, -.3, -.3, -.2, .4}},
    {"benefit", {-.2, -.2, -.2, -.3, -.3, -.1, .3}},
    {"severity", {-.2, -.2, -.2, -.3, -.3, -.3, .4}},
    {"sentence", {-.2, -.2, -.1, -.3, -.3, 0, .3}},
    {"score", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"income", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"children", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"charge", {0, 0, 0, 0, 0, -.1, .4}},
    {"threat", {0, 0, 0, 0, 0, -.1, .35}},
    {"violation", {0, 0, 0, 0, 0, -.1, .35}},
    {"fugitive", {0, 0, 0, 0, 0, -.1, .3}},
    {"detained", {0, 0, 0, 0, 0, .1, .25}},
    {"family", {0, 0, 0, 0, 0, -.1, .3}},
    {"type", {-.2, -.2, -.2, -.2, 0, 0, .35}},
    {"class", {-.2, -.2, -.2, -.2, 0, 0, .3}},
    {"category", {-.2, -.2, -.2, -.2, 0, 0, .35}},
    {"age", {-.3, -.3, -.3, -.5, -.3, -.3, .35}},
    {"time", {-.3, -.3, -.4, -.3, -.3, -.3, -.2}},
    {"citizenship", {-.3, -.3, -.3, -.3, -.2, -.3, .2}},
    {"country", {-.3, -.3, -.3, -.3, -.1, -.3, .1}},
    {"gender", {-.3, -.3, -.3, -.6, -.3, -.3, 0}},
    {"sex", {-.3, -.3, -.3, -.6, -.3, -.3, 0}},
    {"race", {-.3, -.3, -.3, -.6, -.3, -.3, -.1}},
    {"ethnicity", {-.3, -.3, -.3, -.6, -.3, -.3, -.1}},
    {"rank", {-.3, -.3, -.3, -.4, -.3, -.3, -.2}},
    {"inspector", {-.4, -.4, -.2, .6, -.2, 0, -.4}},
    {"investigator", {-.4, -.4, -.2, .6, -.2, 0, -.4}},
    {"alj", {-.4, -.2, -.2, .7, -.2, 0, -.4}}, /* administrative law judge */
    {"clerk", {-.4, -.4, -.2, .55, -.2, 0, -.4}},
    {"decider", {-.4, -.4, -.2, .6, -.2, -.2, -.4}},
    {"supervisor", {-.4, -.4, -.2, .4, -.2, -.1, -.4}},
    {"counselor", {-.4, -.4, -.2, .5, -.2, 0, -.4}},
    {"prosecutor", {-.4, -.4, -.2, .6, -.2, 0, -.4}},
    {"accused", {-.4, 0, -.2, .4, -.2, -.1, -.4}},
    {"star", {-.4, -.4, -.2, .3, -.2, -.3, -.4}}, /* a badge */
    {"staff", {-.4, -.4, -.2, .4, -.2, -.1, -.4}},
    {"bureau", {-.3, -.3, -.3, -.2, .55, -.3, -.4}},
    {"unit", {-.3, -.3, -.3, -.3, .4, -.3, -.3}},
    {"post", {-.2, -.2, -.2, -.2, .3, -.2, -.2}},
    {"site", {-.2, -.2, -.2, -.2, .4, -.2, -.2}},
    {"service", {-.3, -.3, -.3, -.4, -.1, -.3, -.6}},
    {"tenure", {-.4, -.4, -.4, -.6, -.4, -.4, -.6}},
    {"seniority", {-.4, -.4, -.4, -.6, -.4, -.4, -.6}},
    {"experience", {-.4, -.4, -.4, -.6, -.4, -.4, -.6}},
    {"hired", {-.4, -.4, -.8, -.6, -.4, -.4, -.6}},
    {"hire", {-.4, -.4, -.8, -.6, -.4, -.4, -.6}},
    {"appointed", {-.4, -.4, -.8, -.5, -.4, -.4, -.6}},
    {"appt", {-.4, -.4, -.8, -.5, -.4, -.4, -.6}},
    {"finding", {-.2, -.2, 0, -.3, -.2, .6, -.4}},
    {"sanction", {-.2, -.2, 0, -.3, -.2, .5, -.5}},
    {"discipline", {-.2, -.2, 0, -.3, -.2, .3, -.5}},
    {"permission", {-.2, -.2, 0, -.3, -.2, .4, -.2}},
};
enum { CLUES = sizeof clues / sizeof clues[0], SHORT_WORD = 4 };

/* Words of other languages, without accents, and the clue that says the same. */
static const struct {
  const char *word, *english;
} translations[] = {
    {"aanvrager", "applicant"},
    {"accorde", "granted"},
    {"affaire", "case"},
    {"agencia", "office"},
    {"agente", "officer"},
    {"aktenzeichen", "case"},
    {"alter", "age"},
    {"ambtenaar", "officer"},
    {"amt", "office"},
    {"antecedentes", "history"},
    {"antecedents", "history"},
    {"antragsteller", "applicant"},
    {"approuve", "approved"},
    {"aprobado", "approved"},
    {"aprovado", "approved"},
    {"ausgang", "outcome"},
    {"aussenstelle", "office"},
    {"beamter", "officer"},
    {"bearbeiter", "officer"},
    {"bedrag", "amount"},
    {"behandelaar", "officer"},
    {"behoerde", "office"},
    {"behorde", "office"},
    {"bescheid", "decision"},
    {"beschluss", "decision"},
    {"beslissing", "decision"},
    {"besluit", "decision"},
    {"betrag", "amount"},
    {"bewilligt", "granted"},
    {"bezirk", "region"},
    {"borgsom", "bail"},
    {"bundesland", "region"},
    {"cargo", "charge"},
    {"caso", "case"},
    {"categoria", "category"},
    {"categorie", "category"},
    {"caution", "bail"},
    {"comarca", "region"},
    {"concedido", "granted"},
    {"corte", "court"},
    {"crime", "charge"},
    {"cuantia", "amount"},
    {"datum", "date"},
    {"decisao", "decision"},
    {"deferido", "granted"},
    {"delegacia", "office"},
    {"delegacion", "office"},
    {"delict", "charge"},
    {"delikt", "charge"},
    {"delit", "charge"},
    {"delito", "charge"},
    {"demandeur", "applicant"},
    {"departement", "region"},
    {"desfecho", "outcome"},
    {"dienststelle", "office"},
    {"dossier", "case"},
    {"dossiernummer", "case"},
    {"edad", "age"},
    {"entlassen", "released"},
    {"entscheid", "decision"},
    {"entscheider", "officer"},
    {"entscheidung", "decision"},
    {"ergebnis", "outcome"},
    {"ernst", "severity"},
    {"escritorio", "office"},
    {"estado", "region"},
    {"expediente", "case"},
    {"fallnummer", "case"},
    {"fecha", "date"},
    {"fianca", "bail"},
    {"fianza", "bail"},
    {"fonctionnaire", "officer"},
    {"freigelassen", "released"},
    {"funcionario", "officer"},
    {"geboorte", "birth"},
    {"geboortedatum", "birth"},
    {"geburt", "birth"},
    {"geburtsdatum", "birth"},
    {"geburtstag", "birth"},
    {"genehmigt", "approved"},
    {"genero", "gender"},
    {"gericht", "court"},
    {"geschaeftsstelle", "office"},
    {"geschlecht", "gender"},
    {"geslacht", "gender"},
    {"gestionnaire", "officer"},
    {"goedgekeurd", "approved"},
    {"gravedad", "severity"},
    {"gravidade", "severity"},
    {"gravite", "severity"},
    {"grund", "reason"},
    {"historial", "history"},
    {"idade", "age"},
    {"importe", "amount"},
    {"infraction", "charge"},
    {"instructor", "officer"},
    {"interesado", "applicant"},
    {"juez", "judge"},
    {"jueza", "judge"},
    {"juge", "judge"},
    {"juiz", "judge"},
    {"juzgado", "court"},
    {"kantoor", "office"},
    {"kategorie", "category"},
    {"kaution", "bail"},
    {"leeftijd", "age"},
    {"liberada", "released"},
    {"liberado", "released"},
    {"libere", "released"},
    {"magistrado", "judge"},
    {"magistrat", "judge"},
    {"montant", "amount"},
    {"motif", "reason"},
    {"motivo", "reason"},
    {"nacimiento", "birth"},
    {"nacionalidad", "citizenship"},
    {"nacionalidade", "citizenship"},
    {"naissance", "birth"},
    {"nascimento", "birth"},
    {"nationalite", "citizenship"},
    {"nationaliteit", "citizenship"},
    {"nr", "number"},
    {"nro", "number"},
    {"num", "number"},
    {"numero", "number"},
    {"nummer", "number"},
    {"oficial", "officer"},
    {"oficina", "office"},
    {"pais", "country"},
    {"pays", "country"},
    {"persona", "person"},
    {"personne", "person"},
    {"persoon", "person"},
    {"pessoa", "person"},
    {"posto", "office"},
    {"processo", "case"},
    {"province", "region"},
    {"provincia", "region"},
    {"rechtbank", "court"},
    {"rechter", "judge"},
    {"reden", "reason"},
    {"regiao", "region"},
    {"regio", "region"},
    {"requerant", "applicant"},
    {"requerente", "applicant"},
    {"resolucion", "decision"},
    {"resultado", "outcome"},
    {"resultat", "outcome"},
    {"richter", "judge"},
    {"sachbearbeiter", "officer"},
    {"schwere", "severity"},
    {"schweregrad", "severity"},
    {"sede", "office"},
    {"sentido", "outcome"},
    {"servidor", "officer"},
    {"sexe", "gender"},
    {"sexo", "gender"},
    {"situacao", "status"},
    {"solicitant", "applicant"},
    {"solicitante", "applicant"},
    {"solto", "released"},
    {"soort", "type"},
    {"staatsangehorigkeit", "citizenship"},
    {"statut", "status"},
    {"strafblad", "history"},
    {"tatvorwurf", "charge"},
    {"tecnico", "officer"},
    {"tipo", "type"},
    {"toegekend", "granted"},
    {"tribunal", "court"},
    {"uitkomst", "outcome"},
    {"valor", "amount"},
    {"vara", "court"},
    {"vestiging", "office"},
    {"vorstrafe", "history"},
    {"vorstrafen", "history"},
    {"vrijgelaten", "released"},
    {"zaak", "case"},
    {"zaaknummer", "case"},
    {"zustand", "status"},
};
enum { TRANSLATIONS = sizeof translations / sizeof translations[0] };

/* In small letters of ASCII as far as they have such: without accents, and with ss for the German
   sharp s. What no such letter stands for is left out. */
static void plain_header(const char *name, char *plain, size_t size) {
  size_t length = 0, at = 0;
  uint8_t *text = u8_normalize(UNINORM_NFKD, (const uint8_t *)name, strlen(name), NULL, &length);
  for (size_t i = 0; text && i < length && at + 3 < size; i++) {
    if (text[i] < 128)
      plain[at++] = (char)text[i];
    else if (text[i] == 0xC3 && i + 1 < length && text[i + 1] == 0x9F)
      plain[at++] = 's', plain[at++] = 's';
  }
  plain[at] = '\0';
  free(text);
}

/* The next word of a header: letters and digits, a capital after a small letter begins another. */
static size_t next_word(const char **at, char word[32]) {
  const char *s = *at;
  while (*s && !isalnum((unsigned char)*s)) s++;
  size_t length = 0;
  while (isalnum((unsigned char)*s)) {
    if (length && isupper((unsigned char)*s) && islower((unsigned char)s[-1])) break;
    if (length < 31) word[length++] = (char)tolower((unsigned char)*s);
    s++;
  }
  word[length] = '\0';
  *at = s;
  return length;
}

static bool is_word(const char *word, const char *clue) {
  size_t length = strlen(clue);
  if (length < SHORT_WORD) return strcmp(word, clue) == 0;
  return strncmp(word, clue, length) == 0 && strlen(word) <= length + 3;
}

/* The number of a person's file with the immigration service, however it is written. */
static bool is_alien_number(const char *name) {
  char first[32], second[32];
  next_word(&name, first);
  bool has_sign = *name == '#';
  size_t length = next_word(&name, second);
  bool is_number = length ? strcmp(second, "number") == 0 || strcmp(second, "num") == 0 ||
                                strcmp(second, "no") == 0
                          : has_sign;
  return strcmp(first, "a") == 0 && is_number;
}

static const struct clue *find_clue(const char *word) {
  for (size_t i = 0; i < CLUES; i++)
    if (is_word(word, clues[i].word)) return &clues[i];
  return NULL;
}

/* German joins words: a date of decision is an Entscheidungsdatum. */
static const char *translated(const char *word) {
  size_t length = strlen(word);
  for (size_t i = 0; i < TRANSLATIONS; i++)
    if (is_word(word, translations[i].word)) return translations[i].english;
  if (length > 8 && strcmp(word + length - 5, "datum") == 0)
    return strncmp(word, "geb", 3) == 0 ? "birth" : "date";
  return NULL;
}

double eh_guess_name_score(const char *name, enum eh_role role) {
  double score = 0;
  char plain[256], word[32];
  plain_header(is_alien_number(name) ? "anumber" : name, plain, sizeof plain);
  for (const char *at = plain; next_word(&at, word);) {
    const struct clue *clue = find_clue(word);
    const char *english = clue ? NULL : translated(word);
    if (english) clue = find_clue(english);
    if (clue) score += clue->weight[role];
  }
  return score;
}

/* --- the words of values --- */

/* Does one of the words (NULL-terminated) occur in the text? They are in small letters. */
static bool has_word(const char *text, const char *const *words) {
  char lower[256];
  plain_header(text, lower, sizeof lower);
  for (char *s = lower; *s; s++) *s = (char)tolower((unsigned char)*s);
  for (; *words; words++)
    if (strstr(lower, *words)) return true;
  return false;
}

static const char *const favourable[] = {
    "releas", "grant", "approv", "discretion", "dismiss", "admin", "deferred action", "waive",
    "warning", "allowed", "recognizance", "closed", "awarded",
    /* Spanish and Portuguese, French, German, Dutch */
    "libera", "libertad", "concedid", "aprobad", "aprovad", "otorgad", "estimad", "deferid",
    "archivad", "arquivad", "sobrese", "libere", "accord", "approuve", "classe sans", "entlassen",
    "freigelassen", "bewilligt", "genehmigt", "stattgegeben", "eingestellt", "anerkannt",
    "vrijgelaten", "toegekend", "goedgekeurd", "ingewilligd", "geseponeerd", NULL};
static const char *const unfavourable[] = {
    "denied",    "deport",    "removal",     "removed",      "detain",      "detention",
    "disallow",  "refus",     "reject",      "remand",       "revok",       "no bail",
    "cash bail", "arrest",    "custody",     "charged",      "prosecut",    "convict",
    "imprison",  "expel",     "expuls",      "denegad",      "rechazad",    "desestimad",
    "detenid",   "indeferid", "negad",       "detid",        "rejeitad",    "rejet",
    "detenu",    "abgelehnt", "inhaft",      "abgeschoben",  "ausgewiesen", "abgewiesen",
    "afgewezen", "geweigerd", "gedetineerd", "vastgehouden", "uitgezet",    NULL};
static const char *const negation[] = {"not ",   "n't ", "never ", "without ",
                                       "nicht ", "sin ", NULL};

static bool starts_with(const char *text, const char *start) {
  return strncasecmp(text, start, strlen(start)) == 0;
}

bool eh_guess_is_favourable(const char *value) {
  if (strcasecmp(value, "ROR") == 0 || starts_with(value, "no action")) return true;
  if (starts_with(value, "no ") || starts_with(value, "non-")) return false;
  return !has_word(value, unfavourable) && !has_word(value, negation) &&
         has_word(value, favourable);
}

bool eh_guess_is_decision(const char *value) {
  return strcasecmp(value, "ROR") == 0 || has_word(value, favourable) ||
         has_word(value, unfavourable);
}

int eh_guess_yes_or_no(const char *value) {
  static const char *const yes[] = {"y",         "yes", "1",   "true", "t", "si",
                                    "s\xC3\xAD", "ja",  "oui", "sim",  NULL};
  static const char *const no[] = {"n",   "no",  "0",          "false", "f", "nein",
                                   "non", "nao", "n\xC3\xA3o", "nee",   NULL};
  for (const char *const *word = yes; *word; word++)
    if (strcasecmp(value, *word) == 0) return 1;
  for (const char *const *word = no; *word; word++)
    if (strcasecmp(value, *word) == 0) return 0;
  return -1;
}

bool eh_guess_is_tick(const char *value) {
  static const char *const ticks[] = {"x",
                                      "y",
                                      "yes",
                                      "1",
                                      "true",
                                      "t",
                                      "si",
                                      "s\xC3\xAD",
                                      "ja",
                                      "oui",
                                      "sim",
                                      "*",
                                      "\xE2\x9C\x93",
                                      "\xE2\x9C\x94",
                                      "checked",
                                      NULL};
  for (const char *const *tick = ticks; *tick; tick++)
    if (strcasecmp(value, *tick) == 0) return true;
  return false;
}
