// Polars on the benchmark's question: POLARS_MAX_THREADS=N node peer_polars.mjs RECORDS THREADS fine|coarse
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [, , records, , grain] = process.argv;
const require = createRequire(path.resolve('build/bench/node_modules/'));
const pl = require('nodejs-polars');
const fine = grain === 'fine';
const regions = Object.values(JSON.parse(fs.readFileSync(path.join(path.dirname(process.argv[1]), 'regions.json'))));
const { col, lit, when } = pl;

const band = (name, bounds) => bounds.reduceRight((rest, bound, i) => when(col(name).lt(lit(bound))).then(lit(i)).otherwise(rest), lit(bounds.length));
const flag = (condition) => when(condition).then(lit(1)).otherwise(lit(0));
const region = regions.reduceRight((rest, names, i) => when(col('country').isIn(names)).then(lit(i)).otherwise(rest), lit(5));
const factors = [[band('age', [18, 35, 55]), 4], [col('priority_level'), 4], [flag(col('criminal_history').neq(lit('none'))), 2],
  [band('years_resident', [2, 5, 10]), 4], [flag(col('us_citizen_child').eq(lit('Y'))), 2], [flag(col('veteran').eq(lit('Y'))), 2]];
if (fine) factors.push([region, 6]);
const stratum = factors.reduce((sum, [factor, size]) => sum.mul(lit(size)).add(factor), lit(0));

const schema = {};
for (const name of ['case_id', 'person_id', 'officer_id', 'office', 'component', 'decision_date', 'age', 'priority_level',
  'criminal_history', 'years_resident', 'us_citizen_child', 'veteran', 'country', 'outcome'])
  schema[name] = ['age', 'priority_level', 'years_resident'].includes(name) ? pl.Int32 : pl.Utf8;
const cells = await pl.scanCSV(records, { schema })
  .filter(col('outcome').neq(lit('WITHDRAWN')))
  .select(stratum.alias('stratum'), col('office'), (fine ? col('decision_date').str.slice(0, 4).cast(pl.Int32) : lit(0)).alias('year'),
    col('officer_id'), col('outcome').eq(lit('GRANTED')).cast(pl.Float64).alias('granted'))
  .groupBy(['stratum', 'office', 'year', 'officer_id'])
  .agg(col('granted').count().cast(pl.Float64).alias('n'), col('granted').sum().alias('a')).collect();

const [a, n, m, t] = ['a', 'n', 'm', 't'].map(col);
const statistics = async (table, unit, peers) => {
  const totals = table.lazy().groupBy(peers).agg(n.sum().alias('t'), a.sum().alias('m'));
  const joined = table.lazy().join(totals, { on: peers, how: 'inner' }).filter(t.gt(n));
  const d = t.sub(n).sub(m).add(a), terms = joined.withColumns(n.mul(m).div(t).alias('e'),
    n.mul(t.sub(n)).mul(m).mul(t.sub(m)).div(t.mul(t).mul(t.sub(lit(1)))).alias('v'), a.mul(d).div(t).alias('r'),
    n.sub(a).mul(m.sub(a)).div(t).alias('s'), a.add(d).div(t).alias('p'), n.add(m).sub(a).sub(a).div(t).alias('q'))
    .withColumns(col('p').mul(col('r')).alias('pr'), col('p').mul(col('s')).add(col('q').mul(col('r'))).alias('psqr'), col('q').mul(col('s')).alias('qs'));
  return terms.groupBy(unit).agg(...['a', 'e', 'v', 'r', 's', 'pr', 'psqr', 'qs'].map((name) => col(name).sum())).collect();
};
const answer = (sums) => {
  const [events, expected, variance] = ['a', 'e', 'v'].map((name) => sums.getColumn(name).toArray());
  return events.reduce((sum, value, i) => sum + (variance[i] > 0 ? (value - expected[i]) ** 2 / variance[i] : 0), 0).toFixed(4);
};
const officers = await statistics(cells, ['officer_id'], ['stratum', 'office', 'year']);
const office_cells = await cells.lazy().groupBy(['stratum', 'office', 'year']).agg(n.sum(), a.sum()).collect();
const offices = await statistics(office_cells, ['office'], ['stratum', 'year']);
console.log(`${cells.height} ${answer(officers)} ${answer(offices)}`);
process.exit(0);
