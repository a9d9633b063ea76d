/** What the machine did meanwhile: CPU a process, CPU of strangers, memory; and plain statistics. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Clock ticks a second, the same on every Linux that Node runs on. */
const HZ = 100;

export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : NaN;
}
export const median = (values) => quantile(values, 0.5);

/** User and system seconds of a process. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / HZ;
}
export function rssKib(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}
function busySeconds() {
  const [user, nice, system, , , irq, soft, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + soft + steal) / HZ;
}

/** Waits until others leave the machine alone, or until `maxMs`; answers the cores they keep busy. */
export async function quiet(maxMs = 8_000, limit = 0.3) {
  const end = performance.now() + maxMs;
  for (;;) {
    const [busy, at] = [busySeconds(), performance.now()];
    await wait(300);
    const cores = (busySeconds() - busy) / ((performance.now() - at) / 1000);
    if (cores < limit || performance.now() > end) return cores;
  }
}

/** Measures from now on: `stop()` answers seconds, CPU seconds by name, and the cores that strangers took. */
export function meter(pids) {
  const all = { ...pids, generator: process.pid };
  const read = () => Object.fromEntries(Object.entries(all).map(([name, pid]) => [name, cpuSeconds(pid)]));
  const [begun, busy, cpu] = [performance.now(), busySeconds(), read()];
  return {
    stop() {
      const seconds = (performance.now() - begun) / 1000;
      const used = Object.fromEntries(
        Object.entries(read()).map(([name, value]) => [name, value - cpu[name]]),
      );
      const own = Object.values(used).reduce((sum, value) => sum + value, 0);
      return { seconds, cpu: used, strangers: Math.max(0, busySeconds() - busy - own) / seconds };
    },
  };
}
