#!/usr/bin/python3
"""Are the statements for servers that are not at hand sound SQL? A parser of each dialect (sqlglot) reads those of
every shipped rules file. It checks the syntax, not what the server would answer.
Usage: parse.py EVENHAND RULES..."""
import subprocess
import sys

import sqlglot

DIALECTS = {"sqlserver": "tsql", "oracle": "oracle", "mysql": "mysql", "spark": "spark", "trino": "trino"}
failed = 0
for rules in sys.argv[2:]:
    for dialect, name in DIALECTS.items():
        run = subprocess.run([sys.argv[1], "sql", rules, "--dialect", dialect], capture_output=True, text=True)
        if "cannot be put to a database" in run.stderr:
            print(f"refused  {run.stderr.strip()}")
            continue
        if run.returncode:
            print(f"FAILED   {rules} in {dialect}: {run.stderr.strip()}")
            failed += 1
            continue
        # The parser does not know MySQL's name for a whole number in CAST.
        text = run.stdout.replace(" AS signed)", " AS bigint)")
        try:
            trees = sqlglot.parse(text, read=name, error_level=sqlglot.ErrorLevel.RAISE)
            assert len(trees) == 1 and isinstance(trees[0], sqlglot.exp.Select), "not one SELECT"
        except Exception as error:  # whatever the parser stumbles over
            print(f"FAILED   {rules} in {dialect}: {str(error)[:300]}")
            failed += 1
if not failed:
    print(f"ok       {len(sys.argv) - 2} rules files parse as SQL of {', '.join(DIALECTS)}")
sys.exit(1 if failed else 0)
