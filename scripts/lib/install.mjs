/** `npm ci`, skipped when node_modules notes the very package-lock.json that is there (times lie after a checkout). */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { Refusal } from './refusal.mjs';

const noteIn = (root) => join(root, 'node_modules', '.hotline-install.json');

/** What node_modules was made from: the lock file, and the kind of machine its binaries are for. */
export function wantedInstall(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return { hash, platform: `${process.platform}-${process.arch}` };
}

export function isInstalled(root) {
  const noted = readJson(noteIn(root));
  const wanted = wantedInstall(root);
  return noted?.hash === wanted.hash && noted.platform === wanted.platform;
}

/** Notes that node_modules now holds what the lock file wants. */
export function noteInstall(root) {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeJson(noteIn(root), wantedInstall(root));
}

/**
 * Installs all packages by the lock file. Build tools are development packages, so they are asked for even under
 * NODE_ENV=production. Throws a Refusal with npm's own last words.
 */
export async function install(root, runCommand) {
  if (!existsSync(join(root, 'package-lock.json'))) {
    throw new Refusal('package-lock.json is missing: check the whole repository out again.');
  }
  const { code, output } = await runCommand('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
  });
  if (code !== 0) {
    throw new Refusal(
      `npm ci failed: see what it says below, then check the network or the registry npm is set to and try again.\n${output.trim().split('\n').slice(-15).join('\n')}`,
    );
  }
  noteInstall(root);
}
