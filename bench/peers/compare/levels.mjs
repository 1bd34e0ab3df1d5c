// The levels of processor that Weft can be measured at on this machine: its own, and those below.

import { readFileSync } from 'node:fs';

/** From the least to the most: the word of weft.inference.instruction-set, and the flags of /proc/cpuinfo that it needs. */
const LEVELS = [
  ['avx2', ['avx2', 'fma']],
  ['avx512', ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq']],
  ['avx512-vnni', ['avx512_vnni']],
  ['avx512-bf16', ['avx512_bf16']],
  ['amx', ['amx_tile', 'amx_bf16', 'amx_int8']],
];

/**
 * The levels that a processor has, each with what lowers a worker to it: settings, and options of its JVM. The last one is
 * its own and needs neither.
 */
export function levels(cpuInfo = processor()) {
  const names = namesOf(cpuInfo);
  if (names.length === 0) {
    throw new Error('--levels: this processor has not even AVX2: leave it out');
  }
  return names.map((name) => (name === names.at(-1) ? own(name) : lowered(name)));
}

/** The name of the processor's own level; undefined if it has none of them. */
export function ownLevel(cpuInfo = processor()) {
  return namesOf(cpuInfo).at(-1);
}

function namesOf(cpuInfo) {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(cpuInfo)?.[1].split(' '));
  // each one has what those before it have
  const missing = LEVELS.findIndex(([, needed]) => !needed.every((flag) => flags.has(flag)));
  return LEVELS.slice(0, missing < 0 ? LEVELS.length : missing).map(([name]) => name);
}

function processor() {
  return readFileSync('/proc/cpuinfo', 'utf8');
}

/** All that the processor has, under that name. */
function own(name) {
  return { name, settings: [], javaOptions: '' };
}

/** With AVX2 the JVM too has 16 registers of 256 bits, whatever its code. */
function lowered(name) {
  return {
    name,
    settings: [`weft.inference.instruction-set=${name}`],
    javaOptions: name === 'avx2' ? '-XX:UseAVX=2' : '',
  };
}
