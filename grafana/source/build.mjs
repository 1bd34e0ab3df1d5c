// node grafana/source/build.mjs [FOLDER]: writes the dashboards, into ../dashboards if no folder is given.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import adapter from './adapter.mjs';
import catalog from './catalog.mjs';
import fleet from './fleet.mjs';
import worker from './worker.mjs';

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'dashboards');
mkdirSync(folder, { recursive: true });
for (const [name, model] of Object.entries({ fleet, adapter, worker, catalog })) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(model, null, 2)}\n`);
}
