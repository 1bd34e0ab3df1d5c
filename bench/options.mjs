// The options of a script. Whatever is wrong with them ends it with one line and exit code 2, before any work.

import { parseArgs } from 'node:util';

/**
 * The options by name, numbers among them. `--check` only looks at them, and ends the script.
 *
 * @param all as parseArgs has them; one with `atLeast` is a whole number of that much or more
 */
export function options(all) {
  const known = { check: { type: 'boolean', default: false } };
  for (const [name, { atLeast: _, ...option }] of Object.entries(all)) {
    known[name] = option;
  }
  const values = parse(known);
  for (const [name, { atLeast }] of Object.entries(all)) {
    if (atLeast !== undefined) {
      const text = values[name];
      if (!/^\d{1,9}$/.test(text) || Number(text) < atLeast) {
        wrong(`--${name} ${text}: a whole number of at least ${atLeast} is allowed`);
      }
      values[name] = Number(text);
    }
  }
  if (values.check) {
    process.exit(0);
  }
  return values;
}

function parse(known) {
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    return wrong(error.message.split('. ')[0]);
  }
}

function wrong(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
