import { measureHouse, measuresTable } from './lib/house/measures.ts';

/** `npm run metrics`: prints the measures of the house; with `--details`, also the files and places behind each. */
const measures = measureHouse();
console.log(measuresTable(measures));
if (process.argv.includes('--details')) {
  for (const { name, details } of measures) {
    if (details.length > 0) console.log(`\n${name}\n  ${details.join('\n  ')}`);
  }
}
