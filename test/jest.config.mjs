/**
 * Jest runs TypeScript as ES modules: swc takes the types away, Node itself resolves and loads the rest. Started by
 * `npm test` (scripts/test.mjs), which brings database, Redis and Chromium; `npm test -- <path>` for a part.
 */
import { fileURLToPath } from 'node:url';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const common = {
  rootDir,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // Plain JavaScript first: packages may carry their .ts sources beside what they mean to be loaded.
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'tsx', 'json', 'node'],
  // Sources name each other as Node will find them after the build, with `.js`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/test/support/own-server.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
          target: 'es2022',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const SLOW = ['<rootDir>/test/e2e/', '<rootDir>/test/chaos/'];

export default {
  // Global only: jest does not read it from a project. Twice what a test may take beside another one and both databases on two slow cores.
  testTimeout: 120_000,
  projects: [
    {
      ...common,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
      testPathIgnorePatterns: ['/node_modules/', ...SLOW],
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    {
      ...common,
      displayName: 'chaos',
      setupFilesAfterEnv: ['<rootDir>/test/chaos/database-again.ts'],
      testMatch: ['<rootDir>/test/chaos/**/*.test.ts'],
    },
  ],
};
