// What a comparison prints: what computed, the figures and the ratios, each with a column for each level.

import { atLevels, reached } from './targets.mjs';

const FIGURE = 28;
const RATIO = 52;
const COLUMN = 13;

/**
 * Text for people.
 *
 * @param figures the medians by key
 * @param engines what each subject computed with, by its name
 * @param own the processor's own level, which figures without one were measured at
 */
export function tables(figures, engines, own) {
  const levels = atLevels(figures);
  const heads = [...levels.keys()].map((level) => level.padStart(COLUMN)).join('');
  return [
    '\nkernels and instruction sets\n',
    ...[...engines].map(([name, engine]) => `  ${name.padEnd(FIGURE)} ${engine}\n`),
    `\n${'tokens/s, median of the rounds (of the prompt for prefill)'.padEnd(FIGURE + 2)}\n`,
    levels.size > 1 ? `${' '.repeat(FIGURE + 2)}${heads}\n` : '',
    ...figureLines(levels),
    '\nratios\n',
    levels.size > 1 ? `${' '.repeat(RATIO + 2)}${heads}\n` : '',
    ...ratioLines(levels, own),
  ].join('');
}

function figureLines(levels) {
  const keys = [...new Set([...levels.values()].flatMap((figures) => [...figures.keys()]))].toSorted();
  return keys.map((key) => {
    // llama.cpp knows no level of ours: it is measured once
    const cells = key.startsWith('weft-')
      ? [...levels.values()].map((figures) => number(figures.get(key), 1))
      : [number([...levels.values()][0].get(key), 1)];
    return `  ${key.padEnd(FIGURE)}${cells.join('')}\n`;
  });
}

function ratioLines(levels, own) {
  const columns = [...levels].map(([level, figures]) => reached(figures, level || own));
  const texts = [...new Set(columns.flat().map(({ text }) => text))];
  return texts.map((text) => {
    const found = columns.map((column) => column.find((ratio) => ratio.text === text));
    const cells = found.map((one) =>
      one === undefined ? number(undefined) : `${number(one.ratio, 2).slice(1)}${one.ratio < one.least ? '-' : ' '}`,
    );
    const wanted = [...new Set(found.filter((one) => one !== undefined).map(({ least }) => least))];
    return `  ${text.padEnd(RATIO)}${cells.join('')}  target ${wanted.join(', ')}; - is missed\n`;
  });
}

function number(value, digits) {
  return (value === undefined ? '' : value.toFixed(digits)).padStart(COLUMN);
}
