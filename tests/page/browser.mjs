// What a browser makes of a page: node browser.mjs MODULES PAGE.html... Tried are axe-core's rules of WCAG 2.2 A and AA and its
// best practice, on a wide and a narrow screen, in the light and in the dark; that nothing is wider than the screen but what
// scrolls by itself; that the keyboard reaches everything; that a table sorts; that all is there without scripts; and that
// nothing is asked of a network.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let passed = 0, failed = 0;

function expect(what, holds, why = '') {
  if (holds) passed++;
  else { failed++; console.log(`FAILED   ${what} ${why}`); }
}

async function look(browser, file, width, scheme) {
  const page = await browser.newPage(), what = `${file}, ${width} px, ${scheme}:`, asked = [];
  page.on('request', request => { if (!request.url().startsWith('file:')) asked.push(request.url()); });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe); // not the page's own: its policy allows no other's
  const { violations } = await page.evaluate(values => window.axe.run({ runOnly: { type: 'tag', values } }), rules);
  expect(`${what} no violation of axe-core`, violations.length === 0,
    violations.map(v => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)}`).join('; '));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(`${what} not wider than the screen`, wide <= 0, `(${wide} px)`);
  expect(`${what} nothing asked of a network`, asked.length === 0, asked.join(' '));
  await page.close();
}

async function use(browser, file) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const wanted = await page.$$eval('a, button, [tabindex="0"]', all => all.length);
  const reached = new Set();
  for (let i = 0; i < wanted; i++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => {
      const all = [...document.querySelectorAll('a, button, [tabindex="0"]')];
      return all.indexOf(document.activeElement);
    }));
  }
  reached.delete(-1);
  expect(`${file}: the keyboard reaches everything`, reached.size === wanted, `(${reached.size} of ${wanted})`);
  const column = () => page.$eval('table', table => [...table.tBodies[0].rows].map(row => Number(row.cells[1].dataset.key)));
  const button = await page.$('table thead th:nth-child(2) button');
  if (button) {
    const before = await column();
    await button.focus();
    await page.keyboard.press('Enter');
    const up = await column();
    await page.keyboard.press('Enter');
    const down = await column();
    const sorted = [...before].sort((a, b) => a - b);
    expect(`${file}: Enter on a heading sorts`, JSON.stringify(up) === JSON.stringify(sorted));
    expect(`${file}: and again, the other way round`, JSON.stringify(down) === JSON.stringify(sorted.reverse()));
    expect(`${file}: and says which way`, await page.$('th[aria-sort=descending]') !== null);
  }
  const text = await page.evaluate(() => document.body.innerText.length);
  await page.close();
  const bare = await browser.newPage();
  await bare.setJavaScriptEnabled(false);
  await bare.goto(pathToFileURL(file).href);
  const without = await bare.$$eval('td', cells => cells.length), length = (await bare.$eval('body', body => body.innerText)).length;
  expect(`${file}: all is there without scripts`, without > 0 || text > 0 && Math.abs(length - text) < 100, `(${without} cells)`);
  await bare.close();
}

const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const file of process.argv.slice(3)) {
  for (const width of [320, 1200]) for (const scheme of ['light', 'dark']) await look(browser, file, width, scheme);
  await use(browser, file);
}
await browser.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
