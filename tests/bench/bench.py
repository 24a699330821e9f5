#!/usr/bin/env python3
"""The benchmark: whole processes, run in turn, medians of wall time, processor time and peak memory.

    tests/bench/bench.py [--rows N,...] [--rounds N] [--records FILE] [--cases NAME,...]
                         [--peers NAME,...]

--records measures a file at hand instead of one made for the purpose. Peers that are not installed are
skipped: build/bench/node_modules for DuckDB and Polars (npm install --prefix build/bench
@duckdb/node-api nodejs-polars), r-cran-data.table, python3-pandas.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = 'tests/bench'
BUILD = 'build/bench'
EVENHAND = os.environ.get('EVENHAND', 'build/release/evenhand')
THREADS = str(len(os.sched_getaffinity(0)))


def run(command):
    """Wall seconds, processor seconds, peak MiB and standard output of one process."""
    reader, writer = os.pipe()
    start = time.time()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        os.dup2(os.open('/dev/null', os.O_WRONLY), 2)
        os.environ['POLARS_MAX_THREADS'] = THREADS
        os.execvp(command[0], command)
    os.close(writer)
    output = b''
    while part := os.read(reader, 65536):
        output += part
    _, status, usage = os.wait4(child, 0)
    os.close(reader)
    if status != 0:
        sys.exit(f'{" ".join(command)} failed')
    return time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.decode().strip()


def succeeds(*command):
    return shutil.which(command[0]) and subprocess.run(command, capture_output=True).returncode == 0


def peers(grain):
    """Command lines by name, of those that are installed."""
    found = {}
    for name, package in (('DuckDB', '@duckdb/node-api'), ('Polars', 'nodejs-polars')):
        if succeeds('node', '-e', f"require('./{BUILD}/node_modules/{package}')"):
            found[name] = ['node', f'{HERE}/peer_{name.lower()}.mjs']
    if succeeds('Rscript', '-e', 'library(data.table)'):
        found['data.table'] = ['Rscript', f'{HERE}/peer_data_table.R']
    for python in ('python3', '/usr/bin/python3'):  # the first may be another one than Debian's
        if 'pandas' not in found and succeeds(python, '-c', 'import pandas'):
            found['pandas'] = [python, f'{HERE}/peer_pandas.py']
    return {name: lambda records, command=command: command + [records, THREADS, grain, f'{HERE}/regions.json']
            for name, command in found.items()}


def ours(grain, *options):
    return lambda records: [EVENHAND, 'audit', f'{HERE}/{grain}.yaml', records, '--quiet', *options]


def whole():
    """The job that an auditor waits for: workbook, JSON, reliability. DuckDB beside it summarises each column."""
    programs = {'evenhand': ours('fine', '-o', f'{BUILD}/whole.xlsx', '--json', f'{BUILD}/whole.json')}
    duckdb = peers('fine').get('DuckDB')
    if duckdb:
        programs['DuckDB'] = lambda records: duckdb(records) + ['whole']
    return programs


def cases():
    """What is run on which form of the file: name, all fields quoted?, {program: command line}."""
    fine = {'evenhand --no-hash': ours('fine', '--no-hash'), 'evenhand': ours('fine')}
    return [
        ('fine', False, {**fine, 'evenhand --parser libcsv': ours('fine', '--no-hash', '--parser', 'libcsv'),
                         **peers('fine')}),
        ('whole job', False, whole()),
        ('coarse', False, {'evenhand --no-hash': ours('coarse', '--no-hash'), **peers('coarse')}),
        ('every field quoted', True, {'evenhand --no-hash': ours('fine', '--no-hash'), **peers('fine')}),
        ('one thread', False, {'evenhand --no-hash --threads 1': ours('fine', '--no-hash', '--threads', '1'),
                               'wc -l': lambda records: ['wc', '-l', records]}),
    ]


def make_records(rows, all_quoted):
    name = f'{BUILD}/{rows}{"-quoted" if all_quoted else ""}.csv'
    if not os.path.exists(name):
        with open(name + '.new', 'wb') as file:
            subprocess.run([f'{BUILD}/make_records', str(rows)] + ['all'] * all_quoted, stdout=file, check=True)
        os.rename(name + '.new', name)
    return name


def measure(records, programs, rounds):
    """Medians by program; the rounds go through all programs in turn, so that a busy spell meets each."""
    times = {name: [] for name in programs}
    subprocess.run(['cat', records], stdout=subprocess.DEVNULL, check=True)  # into the page cache
    for _ in range(rounds):
        for name, command in programs.items():
            times[name].append(run(command(records)))
    return {name: [statistics.median(t[i] for t in list_) for i in range(3)] + [list_[0][3]]
            for name, list_ in times.items()}


def print_table(title, medians):
    print(f'\n{title}\n\n| program | wall s | cpu s | peak MiB | wall, to the best peer | cpu | memory |')
    print('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
    others = [m for name, m in medians.items() if not name.startswith('evenhand')]
    best = [min(m[i] for m in others) for i in range(3)] if others else None
    for name, m in medians.items():
        ratios = [f'{m[i] / best[i]:.2f}' if best else '' for i in range(3)]
        print(f'| {name} | {m[0]:.2f} | {m[1]:.2f} | {m[2]:.0f} | ' + ' | '.join(ratios) + ' |', flush=True)
    answers = {m[3] for name, m in medians.items() if not name.startswith('evenhand')}
    if len(answers) > 1:
        print(f'\nThe peers disagree: {answers}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rows', default='1000000,10000000')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--records')
    parser.add_argument('--cases')
    parser.add_argument('--peers', help='only these; they take long')
    options = parser.parse_args()
    chosen = options.cases.split(',') if options.cases else None
    for rows in ['-'] if options.records else options.rows.split(','):
        for name, all_quoted, programs in cases():
            if (chosen and name not in chosen) or (options.records and all_quoted):
                continue
            records = options.records or make_records(int(rows), all_quoted)
            title = f'**{name}**, {os.path.basename(records)}, {os.path.getsize(records) / 1e6:.0f} MB, {THREADS} processors'
            if options.peers:
                wanted = options.peers.split(',') + ['wc -l']
                programs = {n: c for n, c in programs.items() if n.startswith('evenhand') or n in wanted}
            print_table(title, measure(records, programs, options.rounds))


if __name__ == '__main__':
    main()
