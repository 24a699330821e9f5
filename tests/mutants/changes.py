"""The one-place changes that a C source allows: operators, constants, conditions and statements."""

import bisect
import re
from collections import namedtuple

# start and end are places in the text; line counts from 1.
Change = namedtuple("Change", "start end text line kind")
Token = namedtuple("Token", "kind text start")

TOKEN = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/|//[^\n]*)
      | (?P<directive>(?<![^\n])[ \t]*\#(?:\\\n|[^\n])*)
      | (?P<string>"(?:\\.|[^"\\])*")
      | (?P<char>'(?:\\.|[^'\\])+')
      | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[uUlLfF]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<sign>>>=|<<=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.X | re.S,
)

TYPES = set(
    "auto bool char const double enum extern float int long register restrict short signed static struct typedef "
    "union unsigned void volatile size_t ptrdiff_t FILE".split()
)
KEYWORDS = set("break case continue default do else for goto if return sizeof switch while".split())
CONTROL = {"if", "while", "for", "switch"}
SWAPS = {
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="],
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"], "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "|=": ["&="], "&=": ["|="],
    "++": ["--"], "--": ["++"],
}  # fmt: skip
ARITHMETIC = {"+", "-", "*", "/", "%", "&", "|", "<<", ">>"}
NAMES = {"true": "false", "false": "true", "fmin": "fmax", "fmax": "fmin", "floor": "ceil", "ceil": "floor"}
# Calls that give memory back: no test of figures can see them, the leak checker does.
RELEASES = re.compile(r"(\w*_free|free|\w*_release|\w*_end)$")

# Calls whose arguments stay: what sizes of memory do wrong, the sanitizers see.
UNCHANGED = re.compile(r"(assert|__attribute__|_Static_assert|eh_arena_alloc|eh_alloc|eh_alloc_zeroed|eh_resize)$")


def tokens_of(text):
    found = []
    for match in TOKEN.finditer(text):
        if match.lastgroup not in ("space", "directive"):
            found.append(Token(match.lastgroup, match.group(), match.start()))
    return found


def is_type(token):
    return token.kind == "name" and (token.text in TYPES or token.text.endswith("_t"))


class Source:
    """A parsed file: which tokens are expressions, and where parentheses and statements end."""

    def __init__(self, text):
        self.text, self.tokens = text, tokens_of(text)
        self.lines = [0] + [m.end() for m in re.finditer("\n", text)]
        self.mate = self.pair_up()
        self.starts = []  # of statements
        self.frozen = set()  # tokens of declarations, assertions and sizes of memory
        self.headers = set()  # tokens in the head of a for loop
        self.mark()

    def pair_up(self):
        mate, stack = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind != "sign":
                continue
            if token.text in "([{":
                stack.append(i)
            elif token.text in ")]}":
                mate[i] = stack.pop()
                mate[mate[i]] = i
        return mate

    def is_declaration(self, i):
        tokens = self.tokens
        if i + 2 >= len(tokens) or tokens[i].kind != "name" or tokens[i].text in KEYWORDS:
            return False
        if is_type(tokens[i]) or tokens[i].text in ("__attribute__", "_Static_assert", "static_assert"):
            return True
        after = tokens[i + 1 : i + 4]
        return after[0].kind == "name" or (
            after[0].text == "*" and after[1].kind == "name" and len(after) > 2 and after[2].text in ("=", ";", ",")
        )

    def freeze_declaration(self, i):
        """Freeze all but the initial values, up to the end of the declaration or the body's brace."""
        tokens, value = self.tokens, False
        while i < len(tokens):
            text = tokens[i].text
            if text == ";" or (text == "{" and not value) or text == "}":
                return
            if value and text == ",":
                value = False
            elif not value and text == "=":
                value = True
            end = self.mate.get(i, i) if text in "([{" and tokens[i].kind == "sign" else i
            if not value:
                self.frozen.update(range(i, end + 1))
            i = end + 1

    def mark(self):
        tokens = self.tokens
        for i, token in enumerate(tokens):
            before = tokens[i - 1].text if i else ";"
            in_for = before == "(" and i >= 2 and tokens[i - 2].text == "for"
            opening = before in (";", "{", "}", "else", "do") or self.ends_control(i - 1) or self.ends_label(i - 1)
            if (opening or in_for) and self.is_declaration(i):
                self.freeze_declaration(i)
            elif opening and i not in self.headers:
                self.starts.append(i)
            if token.text == "for":
                self.headers.update(range(i + 1, self.mate[i + 1] + 1))
            if UNCHANGED.match(token.text) and tokens[i + 1].text == "(":
                self.frozen.update(range(i, self.mate[i + 1] + 1))

    def ends_control(self, i):
        return i >= 0 and self.tokens[i].text == ")" and self.tokens[self.mate[i] - 1].text in CONTROL

    def ends_label(self, i):
        if i < 0 or self.tokens[i].text != ":":
            return False
        while i > 0 and self.tokens[i].text not in ("?", "case", "default", ";", "{", "}"):
            i -= 1
        return self.tokens[i].text in ("case", "default")

    def is_cast(self, close):
        inside = self.tokens[self.mate[close] + 1 : close]
        typed = any(is_type(t) for t in inside) or (inside and inside[-1].text == "*")
        return typed and all(t.kind == "name" or t.text == "*" for t in inside)

    def is_binary(self, i):
        before = self.tokens[i - 1]
        if before.kind in ("number", "string", "char"):
            return True
        if before.kind == "name":
            return before.text not in KEYWORDS and not is_type(before)
        if before.text == ")":
            return not self.is_cast(i - 1) and not self.ends_control(i - 1)
        return before.text == "]"

    def end_of(self, i, stops):
        """The first token from i on, outside parentheses, that is one of the stops."""
        while i < len(self.tokens) and self.tokens[i].text not in stops:
            text = self.tokens[i].text
            i = self.mate[i] + 1 if text in ("(", "[", "{") else i + 1
        return i

    def line(self, place):
        return bisect.bisect_right(self.lines, place)

    def end_place(self, i):
        return self.tokens[i].start + len(self.tokens[i].text)


def numbers_near(text):
    """A constant's neighbours: whole numbers by one; others by a hundredth, or by ten where they are limits."""
    suffix = re.search(r"[uUlLfF]*$", text if not text.lower().startswith("0x") else "").group()
    digits = text[: len(text) - len(suffix)]
    if re.fullmatch(r"\d+", digits):
        value = int(digits, 8) if len(digits) > 1 and digits[0] == "0" else int(digits)
        return [f"{n}{suffix}" for n in (value - 1, value + 1) if n >= 0]
    if not re.fullmatch(r"[\d.eE+-]+", digits):
        return []
    value = float(digits)
    if value == 0:
        return [f"0.01{suffix}"]
    nearby = value * 1.01 if 1e-3 <= value <= 1e3 else value * 10
    return [f"{nearby!r}{suffix}"]


def replacements(source, i):
    """What the token may be replaced by, with the kind of change."""
    token = source.tokens[i]
    if token.kind == "number":
        return [("constant", text) for text in numbers_near(token.text)]
    if token.kind == "char":
        plain = re.fullmatch(r"'([0-9A-Za-z])'", token.text)
        return [("constant", f"'{chr(ord(plain[1]) + 1)}'")] if plain else []
    if token.kind == "name":
        return [("name", NAMES[token.text])] if token.text in NAMES else []
    if token.kind != "sign":
        return []
    if token.text in ("!", "~"):
        return [("negation", "")]
    if token.text in ARITHMETIC and not source.is_binary(i):
        return [("negation", "")] if token.text == "-" else []
    swaps = SWAPS.get(token.text, [])
    if i in source.headers:  # the opposite would only loop for ever, or never
        swaps = swaps[:1] if token.text[0] in "<>=!" else [] if token.text in ("++", "--", "+=", "-=") else swaps
    return [("operator", text) for text in swaps]


def conditions(source, i):
    """`if` turned round, and the branches of `? :` exchanged."""
    tokens, text = source.tokens, source.text
    if tokens[i].text == "if":
        start, end = tokens[i + 1].start, source.end_place(source.mate[i + 1])
        return [(start, end, f"(!{text[start:end]})", "condition")]
    if tokens[i].text != "?":
        return []
    nested, colon = 1, i
    while nested:
        colon = source.end_of(colon + 1, (":", "?"))
        nested += 1 if tokens[colon].text == "?" else -1
    end = source.end_of(colon + 1, (",", ";", ")", "]", "}", ":"))
    yes = text[tokens[i + 1].start : source.end_place(colon - 1)]
    no = text[tokens[colon + 1].start : source.end_place(end - 1)]
    between = text[source.end_place(colon - 1) : tokens[colon + 1].start]
    return [(tokens[i + 1].start, source.end_place(end - 1), f"({no}){between}({yes})", "branches")]


def dropped(source, i):
    """A statement left out; not one that declares, returns, or gives memory back."""
    tokens = source.tokens
    if tokens[i].kind != "name" and tokens[i].text not in ("*", "++", "--"):
        return []
    if tokens[i].text in KEYWORDS and tokens[i].text not in ("break", "continue"):
        return []
    if RELEASES.match(tokens[i].text) or tokens[i + 1].text == ":":
        return []
    end = source.end_of(i, (";", "}"))
    if end >= len(tokens) or tokens[end].text != ";":
        return []
    start, stop = tokens[i].start, tokens[end].start
    return [(start, stop, "\n" * source.text.count("\n", start, stop), "statement")]


def changes_of(text):
    """All changes of a source, in order; no two give the same text, and none changes the number of lines."""
    source, found = Source(text), {}
    statements = set(source.starts)
    for i, token in enumerate(source.tokens):
        if i in source.frozen:
            continue
        end = source.end_place(i)
        here = [(token.start, end, new, kind) for kind, new in replacements(source, i)]
        here += conditions(source, i)
        if i in statements:
            here += dropped(source, i)
        for start, stop, new, kind in here:
            change = Change(start, stop, new, source.line(start), kind)
            found.setdefault((start, text[:start] + new + text[stop:]), change)
    return list(found.values())


def changed_lines(text, change):
    """The lines concerned, before and after, each on one line with single spaces."""
    start = text.rfind("\n", 0, change.start) + 1
    end = text.find("\n", change.end)
    end = len(text) if end < 0 else end
    before = text[start:end]
    after = text[start : change.start] + change.text + text[change.end : end]
    return " ".join(before.split()), " ".join(after.split())
