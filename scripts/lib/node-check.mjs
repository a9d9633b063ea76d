import { Refusal } from './refusal.mjs';

const LEAST_MAJOR = 20;

/** Throws a Refusal unless this Node is new enough; asked first, since older ones fail later with riddles. */
export function checkNode(version = process.versions.node) {
  if (Number(version.split('.')[0]) >= LEAST_MAJOR) return;
  throw new Refusal(`Node ${version} is too old: install Node ${LEAST_MAJOR} or newer and run this again.`);
}
