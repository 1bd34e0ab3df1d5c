// What is to be reached, as ratios of figures of one session on one machine.

/** llama.cpp with one type of weights, through npm or as its own server, of which the faster counts. */
const of = (type, key) => [`llama-${type}/${key}`, `server-${type}/${key}`];

/** llama.cpp's better type of weights: both must be there. */
const llama = (key) => [of('BF16', key), of('Q8_0', key)];

const weft = (key) => [[`weft-${key}`]];

/** The levels of processor that have targets of their own, from the least; one between two has those of the lesser. */
const LEVELS = ['avx2', 'avx512', 'avx512-vnni', 'avx512-bf16', 'amx'];

const by = (avx2, bf16, amx) => ({ avx2, 'avx512-bf16': bf16, amx });

/** Each ratio: the figure over the largest of the others, and the least that is wanted, by level where that matters. */
export const TARGETS = [
  ['one stream, bf16 / llama.cpp BF16', 'weft-bf16/base/1', [of('BF16', 'base/1')], by(1.15, 1.2, 1.3)],
  ['one stream, int8 / llama.cpp Q8_0', 'weft-int8/base/1', [of('Q8_0', 'base/1')], by(1, 1.7, 1.8)],
  ['16 streams, bf16 / llama.cpp BF16', 'weft-bf16/base/16', [of('BF16', 'base/16')], by(1.6, 1.8, 3.3)],
  ['16 streams, int8 / llama.cpp Q8_0', 'weft-int8/base/16', [of('Q8_0', 'base/16')], by(1.4, 2.8, 3.5)],
  ['prefill of 512 tokens, bf16 / llama.cpp BF16', 'weft-bf16/prefill/1', [of('BF16', 'prefill/1')], by(1.4, 1.6, 4.5)],
  ['prefill of 512 tokens, int8 / llama.cpp Q8_0', 'weft-int8/prefill/1', [of('Q8_0', 'prefill/1')], by(1.1, 3.2, 4.5)],
  ["16 streams over 16 adapters, bf16 / llama.cpp's server", 'weft-bf16/distinct/16', llama('switched/16'), by(5, 7.5, 10)],
  ["16 streams over 16 adapters, int8 / llama.cpp's server", 'weft-int8/distinct/16', llama('switched/16'), by(5, 7.5, 10)],
  ["the same, bf16 / llama.cpp's fastest way", 'weft-bf16/distinct/16', llama('distinct/16'), 5],
  ["the same, int8 / llama.cpp's fastest way", 'weft-int8/distinct/16', llama('distinct/16'), 5],
  ['16 adapters of rank 16 on 7 modules / base, bf16', 'weft-bf16/distinct/16', weft('bf16/base/16'), 0.75],
  ['16 adapters of rank 16 on 7 modules / base, int8', 'weft-int8/distinct/16', weft('int8/base/16'), 0.75],
  ['16 adapters of rank 8 on q and v / base, bf16', 'weft-bf16/distinct-qv/16', weft('bf16/base-qv/16'), 0.85],
  ['16 adapters of rank 8 on q and v / base, int8', 'weft-int8/distinct-qv/16', weft('int8/base-qv/16'), 0.85],
  ['a single adapter, merged / base, bf16', 'weft-bf16/merged/16', weft('bf16/base-single/16'), 0.98],
  ['a single adapter, merged / base, int8', 'weft-int8/merged/16', weft('int8/base-single/16'), 0.98],
].map(([text, figure, others, least]) => ({ text, figure, others, least }));

/** What is wanted at a level; of one without targets of its own, what the next one below it has. */
function leastAt(level, least) {
  if (typeof least === 'number') {
    return least;
  }
  const upTo = LEVELS.slice(0, Math.max(LEVELS.indexOf(level), 0) + 1);
  return least[upTo.findLast((name) => name in least)];
}

/** The median of each figure over the rounds, each a Map. */
export function medians(rounds) {
  const keys = new Set(rounds.flatMap((round) => [...round.keys()]));
  return new Map([...keys].map((key) => [key, median(rounds.flatMap((round) => round.get(key) ?? []))]));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Targets whose figures are all there, each with its ratio and with what is wanted at that level of processor. */
export function reached(figures, level) {
  return TARGETS.filter(
    ({ figure, others }) => figures.has(figure) && others.every((same) => same.some((key) => figures.has(key))),
  ).map(({ text, figure, others, least }) => ({
    text,
    figure,
    others: others.flat(),
    least: leastAt(level, least),
    ratio: figures.get(figure) / Math.max(...others.flat().map((key) => figures.get(key) ?? 0)),
  }));
}

/** Figures of Weft at a level: keys such as weft-int8@avx2/base/16. */
export function atLevel(figures, level) {
  return new Map([...figures].map(([key, value]) => [key.replace('/', `@${level}/`), value]));
}

/**
 * The figures of each level, in the order in which they are first met, with keys that name none; those of llama.cpp, which is
 * measured once, stand with each. Without levels there is one, whose name is empty.
 */
export function atLevels(figures) {
  const found = new Map();
  const others = new Map();
  for (const [key, value] of figures) {
    const [, subject, level, rest] = /^(weft-[^/@]+)(?:@([^/]+))?(\/.*)$/.exec(key) ?? [];
    if (subject === undefined) {
      others.set(key, value);
    } else {
      const name = level ?? '';
      found.set(name, (found.get(name) ?? new Map()).set(subject + rest, value));
    }
  }
  if (found.size === 0) {
    found.set('', new Map());
  }
  others.forEach((value, key) => found.forEach((ofLevel) => ofLevel.set(key, value)));
  return found;
}
