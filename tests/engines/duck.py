#!/usr/bin/env python3
"""In place of DuckDB's own client (`duckdb -csv DATABASE`): a statement on standard input, its answer as CSV with a header on
standard output. Null is printed as NULL, as the client does. Usage: duck.py DATABASE"""
import csv
import sys

import duckdb

try:
    connection = duckdb.connect(sys.argv[1], read_only=True)
    answer = connection.execute(sys.stdin.buffer.read().decode())
    out = csv.writer(open(1, "w", encoding="utf-8", newline=""), lineterminator="\n")
    out.writerow(column[0] for column in answer.description)
    while rows := answer.fetchmany(10000):
        out.writerows(["NULL" if field is None else field for field in row] for row in rows)
except duckdb.Error as error:
    sys.exit(" ".join(str(error).split())[:250])
