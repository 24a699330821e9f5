// DuckDB on the benchmark's question: node peer_duckdb.mjs RECORDS THREADS fine|coarse REGIONS [whole]
// whole: also each column summarised, and cases that are there more than once, as the assessment of reliability does.
// Columns are typed, and the strata one whole number: its fastest form that was found.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [, , records, threads, grain, , whole] = process.argv;
const require = createRequire(path.resolve('build/bench/node_modules/'));
const { DuckDBInstance } = require('@duckdb/node-api');
const here = path.dirname(process.argv[1]);
const fine = grain === 'fine';

const types = {
  case_id: 'VARCHAR', person_id: 'VARCHAR', officer_id: 'VARCHAR', office: 'VARCHAR', component: 'VARCHAR',
  decision_date: 'VARCHAR', age: 'UTINYINT', priority_level: 'UTINYINT', criminal_history: 'VARCHAR',
  years_resident: 'UTINYINT', us_citizen_child: 'VARCHAR', veteran: 'VARCHAR', country: 'VARCHAR', outcome: 'VARCHAR',
};
const columns = Object.entries(types).map(([name, type]) => `'${name}': '${type}'`).join(', ');
const band = (column, bounds) =>
  `CASE ${bounds.map((bound, i) => `WHEN ${column} < ${bound} THEN ${i}`).join(' ')} ELSE ${bounds.length} END`;
const flag = (condition) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`;
const regions = Object.values(JSON.parse(fs.readFileSync(path.join(here, 'regions.json'))));
const region = 'CASE ' + regions.map((names, i) =>
  `WHEN country IN (${names.map((name) => `'${name}'`).join(', ')}) THEN ${i}`).join(' ') + ' ELSE 5 END';
// [expression, how many values it has]
const factors = [
  [band('age', [18, 35, 55]), 4], ['priority_level', 4], [flag("criminal_history <> 'none'"), 2],
  [band('years_resident', [2, 5, 10]), 4], [flag("us_citizen_child = 'Y'"), 2], [flag("veteran = 'Y'"), 2],
];
if (fine) factors.push([region, 6]);
const stratum = factors.reduce((sum, [expression, size]) => `(${sum}) * ${size} + (${expression})`, '0');
const year = fine ? 'substr(decision_date, 1, 4)::SMALLINT' : '0';

// Sums of Cochran, Mantel and Haenszel, and of Robins, Breslow and Greenland: a of n against m of t in all.
const sums = `sum(n * m / t) AS expected,
  sum(CASE WHEN t > 1 THEN n * (t - n) * m * (t - m) / (t * t * (t - 1)) ELSE 0 END) AS variance,
  sum(r) AS r, sum(s) AS s, sum(p * r) AS pr, sum(p * s + q * r) AS psqr, sum(q * s) AS qs, sum(a) AS events`;
const terms = `*, a * (t - n - m + a) / t AS r, (n - a) * (m - a) / t AS s, (t - n - m + 2 * a) / t AS p, (n + m - 2 * a) / t AS q`;
const compare = (cells, units, peers) => `WITH peers AS (SELECT ${peers}, sum(n) AS t, sum(a) AS m FROM ${cells} GROUP BY ALL),
  joined AS (SELECT * FROM ${cells} JOIN peers USING (${peers}) WHERE t > n)
  SELECT ${units}, ${sums} FROM (SELECT ${terms} FROM joined) GROUP BY ${units}`;

const source =
  `read_csv('${records}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${columns}})`;
const database = await DuckDBInstance.create(':memory:', { threads });
const connection = await database.connect();
await connection.run('SET preserve_insertion_order = false');
await connection.run(`CREATE TEMP TABLE cells AS
  SELECT (${stratum})::INTEGER AS stratum, office, ${year} AS year, officer_id, count(*)::DOUBLE AS n,
    (count(*) FILTER (outcome = 'GRANTED'))::DOUBLE AS a
  FROM ${source}
  WHERE outcome <> 'WITHDRAWN' GROUP BY ALL`);
await connection.run(`CREATE TEMP TABLE officers AS ${compare('cells', 'officer_id', 'stratum, office, year')}`);
await connection.run('CREATE TEMP TABLE office_cells AS SELECT stratum, office, year, sum(n) AS n, sum(a) AS a FROM cells GROUP BY ALL');
await connection.run(`CREATE TEMP TABLE offices AS ${compare('office_cells', 'office', 'stratum, year')}`);
const answer = async (table) => (await connection.runAndReadAll(
  `SELECT sum((events - expected) ** 2 / variance) FROM ${table} WHERE variance > 0`)).getRows()[0][0];
const count = (await connection.runAndReadAll('SELECT count(*) FROM cells')).getRows()[0][0];
if (whole) {
  await connection.runAndReadAll(`SUMMARIZE SELECT * FROM ${source}`);
  await connection.runAndReadAll(`SELECT count(*) FROM (SELECT case_id FROM ${source} GROUP BY case_id HAVING count(*) > 1)`);
}
console.log(`${count} ${(await answer('officers')).toFixed(4)} ${(await answer('offices')).toFixed(4)}`);
process.exit(0);
