/** Prints a benchmark's tables and keeps them as JSON and Markdown under .data/bench. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** @param rows objects of one shape; `goals` are `{ figure, value, goal }` */
export function report(stage, name, { rows, goals = [] }) {
  const machine = `${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const at = new Date().toISOString();
  const markdown = [
    `### ${name}`,
    '',
    `${at.slice(0, 10)} · ${machine} · ${Object.values(stage.engines).join(' · ')}`,
    '',
    tableOf(rows),
    ...(goals.length
      ? ['', tableOf(goals.map((goal) => ({ ...goal, met: isMet(goal) ? 'yes' : 'NO' })))]
      : []),
    '',
  ].join('\n');
  process.stdout.write(`\n${markdown}\n`);
  const folder = join(stage.root, '.data', 'bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ at, machine, ...stage.engines, rows, goals }, null, 2),
  );
  writeFileSync(join(folder, `${name}.md`), markdown);
}

function isMet({ value, goal }) {
  const bound = Number(goal.slice(2));
  return goal.startsWith('≥') ? value >= bound : value <= bound;
}

export function tableOf(rows) {
  const names = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((key) => shown(row[key])))),
  ].join('\n');
}

function shown(value) {
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  return size >= 100 ? String(Math.round(value)) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
