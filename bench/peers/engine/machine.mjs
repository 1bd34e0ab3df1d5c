// How much of the machine others took while we measured. llama.cpp's threads wait for each other in busy loops, so it
// suffers more than its share from a neighbour; figures with one are worth nothing.

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that node runs on

/** Starts to watch; the function returned tells the cores kept busy by this process and by all others since. */
export function watchCores() {
  const wall = performance.now();
  const busy = busySeconds();
  const own = ownSeconds();
  return () => {
    const seconds = (performance.now() - wall) / 1000;
    const mine = (ownSeconds() - own) / seconds;
    return { own_cores: mine, other_cores: Math.max(0, (busySeconds() - busy) / seconds - mine) };
  };
}

/** user, nice, system, irq, softirq and steal of all cores; idle and iowait are left out. */
function busySeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

function ownSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
