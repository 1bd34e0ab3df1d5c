// CPU time of processes, as Linux counts it.

import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // USER_HZ

/** CPU seconds so far of a process and of those that it started and that live. */
export function treeCpuSeconds(pid) {
  const all = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').pop().split(' ');
      all.set(Number(entry), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // it has ended meanwhile
    }
  }
  const isIn = (process_) => {
    for (let at = process_; all.has(at); at = all.get(at).parent) {
      if (at === pid) {
        return true;
      }
    }
    return false;
  };
  let ticks = 0;
  for (const [id, found] of all) {
    ticks += isIn(id) ? found.ticks : 0;
  }
  return ticks / TICKS_PER_SECOND;
}
