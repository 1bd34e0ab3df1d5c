// What is to be reached, as ratios of figures of one session on one machine.

/** llama.cpp's better type of weights. */
const llama = (key) => [...of('BF16', key), ...of('Q8_0', key)];

/** llama.cpp with one type of weights: through npm, and a server of the user's own if one is measured. */
const of = (type, key) => [`llama-${type}/${key}`, `server-${type}/${key}`];

const isOptional = (key) => key.startsWith('server-');

/** Each ratio: the figure over the largest of the others, and the least that is wanted. */
export const TARGETS = [
  ["16 streams over 16 adapters, bf16 / as llama.cpp's server", 'weft-bf16/distinct/16', llama('switched/16'), 5],
  ["16 streams over 16 adapters, int8 / as llama.cpp's server", 'weft-int8/distinct/16', llama('switched/16'), 5],
  ["the same, bf16 / llama.cpp's fastest way", 'weft-bf16/distinct/16', llama('distinct/16'), 5],
  ["the same, int8 / llama.cpp's fastest way", 'weft-int8/distinct/16', llama('distinct/16'), 5],
  ['16 streams on the base, bf16 / llama.cpp', 'weft-bf16/base/16', llama('base/16'), 1.7],
  ['16 streams on the base, int8 / llama.cpp', 'weft-int8/base/16', llama('base/16'), 2.3],
  ['16 adapters of rank 16 on 7 modules / base, bf16', 'weft-bf16/distinct/16', ['weft-bf16/base/16'], 0.6],
  ['16 adapters of rank 16 on 7 modules / base, int8', 'weft-int8/distinct/16', ['weft-int8/base/16'], 0.6],
  ['16 adapters of rank 8 on q and v / base, bf16', 'weft-bf16/distinct-qv/16', ['weft-bf16/base-qv/16'], 0.85],
  ['16 adapters of rank 8 on q and v / base, int8', 'weft-int8/distinct-qv/16', ['weft-int8/base-qv/16'], 0.85],
  ['one stream, bf16 / llama.cpp BF16', 'weft-bf16/base/1', of('BF16', 'base/1'), 1],
  ['one stream, int8 / llama.cpp Q8_0', 'weft-int8/base/1', of('Q8_0', 'base/1'), 1.1],
  ['prefill of 512 tokens, bf16 / llama.cpp', 'weft-bf16/prefill/1', llama('prefill/1'), 1.5],
  ['prefill of 512 tokens, int8 / llama.cpp', 'weft-int8/prefill/1', llama('prefill/1'), 2.2],
  ['a single adapter, merged / base, bf16', 'weft-bf16/merged/16', ['weft-bf16/base-single/16'], 0.98],
  ['a single adapter, merged / base, int8', 'weft-int8/merged/16', ['weft-int8/base-single/16'], 0.98],
].map(([text, figure, others, least]) => ({ text, figure, others, least }));

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

/** Targets whose figures are all there (those of a user's own server need not be), each with its ratio. */
export function reached(figures) {
  return TARGETS.filter(({ figure, others }) =>
    [figure, ...others].every((key) => figures.has(key) || isOptional(key)),
  ).map((target) => ({
    ...target,
    ratio: figures.get(target.figure) / Math.max(...target.others.map((key) => figures.get(key) ?? 0)),
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
