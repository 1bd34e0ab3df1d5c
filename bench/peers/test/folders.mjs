// Where tests find models, and where they put what they write.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
export const TINY = join(REPOSITORY, 'samples', 'weft-tiny');
export const SHARED = join(REPOSITORY, '..', 'shared');

/** A new folder, and a function that removes it. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'weft-peers-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A folder that goes away with the test. */
export function temporaryFolder(t) {
  const { folder, remove } = newFolder();
  t.after(remove);
  return folder;
}

/** The checkpoint of SmolLM2 that ../shared/models unpacks. */
export function smolLm2() {
  const folder = join(REPOSITORY, 'target', 'models', 'SmolLM2-135M-Instruct');
  const models = join(SHARED, 'models');
  if (!existsSync(join(folder, 'config.json'))) {
    mkdirSync(folder, { recursive: true });
    execFileSync('java', [
      join(models, 'Unpack.java'),
      folder,
      join(models, 'SmolLM2-135M-Instruct.Q4_1.gguf'),
    ]);
  }
  return folder;
}
