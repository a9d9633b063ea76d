/**
 * What the tests use of the bootstrap. It is plain JavaScript without declarations, since it runs before anything is
 * installed; so they stand here, by file name.
 */

declare module '*/announce.mjs' {
  export function logIns(demo: object | undefined): string[];
  export function withoutPassword(address: string): string;
}
declare module '*/app.mjs' {
  export function startApp(options: {
    entry: string;
    cwd: string;
    env: Record<string, string | undefined>;
    keeper: { guard: (child: import('node:child_process').ChildProcess) => void };
    onReady: (ready: { url: string; pid: number }) => void;
    say: (text: string) => void;
  }): Promise<{ stop: () => Promise<void> }>;
}
declare module '*/build.mjs' {
  export function hashOf(root: string, inputs: string[]): string;
}
declare module '*/checks.mjs' {
  export function checksOf(root: string): { name: string; args: string[] }[];
}
declare module '*/chromium.mjs' {
  export function findChromium(machine: object): Promise<{ path: string } | { reason: string }>;
}
declare module '*/engine.mjs' {
  interface Engine {
    engine: string;
    version: string;
    port?: number;
    url?: string;
  }
  export function rememberedEngine(data: string): Engine | null;
  export function rememberEngine(data: string, engine: Engine): void;
}
declare module '*/files.mjs' {
  export function readJson(file: string): unknown;
  export function writeJson(file: string, value: unknown): void;
}
declare module '*/folders.mjs' {
  export function foldersFor(root: string, vars: Record<string, string>): { data: string; tools: string };
}
declare module '*/health.mjs' {
  export function watchHealth(options: {
    check: () => Promise<unknown>;
    onSick: () => void;
    everyMs: number;
    failures: number;
    graceMs: number;
  }): { restarted: () => void; stop: () => void };
}
declare module '*/install.mjs' {
  type Npm = (command: string, args: string[]) => Promise<{ code: number; output: string }>;
  export function install(root: string, npm: Npm): Promise<void>;
  export function isInstalled(root: string): boolean;
  export function noteInstall(root: string): void;
}
declare module '*/keeper.mjs' {
  interface Spec {
    command: string;
    args: string[];
    env?: Record<string, string>;
    log: string;
  }
  export function openKeeper(data: string): {
    events: import('node:events').EventEmitter;
    start: (name: string, spec: Spec) => Promise<number>;
    keep: (name: string) => void;
    kill: (name: string) => void;
    close: () => Promise<void>;
  };
  export function endLeftovers(data: string, waitMs?: number): Promise<number>;
}
declare module '*/ladder.mjs' {
  export interface LadderEnv {
    vars: Record<string, string | undefined>;
    data: string;
    tools: string;
    findOnPath: (name: string) => string | null;
    run: (command: string, args: string[]) => Promise<{ code: number; output: string }>;
    progress: (title: string, work: () => unknown) => unknown;
    reasons: string[];
    why: (reason: string) => void;
  }
  export interface Rung {
    engine: string;
    version: string;
    folder: string;
    url: (port: number) => string;
    command: (port: number) => { command: string; args: string[]; env?: Record<string, string> };
  }
  export type TryRung = (env: LadderEnv) => Promise<Rung | null>;
  export function ladderEnv(world: Omit<LadderEnv, 'reasons' | 'why'>): LadderEnv;
  export function climb<R, T>(
    rungs: (() => Promise<R | null>)[],
    env: LadderEnv,
    launch: (rung: R) => Promise<T>,
  ): Promise<T | null>;
  export function atLeast(version: string, least: string): boolean;
}
declare module '*/lock.mjs' {
  interface Lock {
    markStopping: () => void;
    release: () => void;
  }
  interface Waiting {
    waitMs: number;
    waitFor?: (holder: { pid: number; stopping?: boolean }) => boolean | undefined;
  }
  export class LockHeld extends Error {}
  export function acquireLock(file: string, waiting?: Waiting): Promise<Lock>;
}
declare module '*/lockfile.mjs' {
  export function completeLockfile(lock: unknown): string[];
}
declare module '*/mongo-probe.mjs' {
  export function mongoProbe(root: string): {
    write: (
      url: string,
      withinMs: number,
      database: string,
    ) => Promise<{ version: string; replicaSet: string }>;
    fits: (url: string, withinMs: number, database: string) => Promise<void>;
  };
}
declare module '*/mongo-rungs.mjs' {
  type TryRung = import('*/ladder.mjs').TryRung;
  export const tryGivenMongo: TryRung;
  export const tryMongodOnPath: TryRung;
  export const trySecantusRs: TryRung;
  export const tryFetchedMongod: TryRung;
  export const trySecantusPy: TryRung;
}
declare module '*/node-check.mjs' {
  export function checkNode(version?: string): void;
}
declare module '*/ports.mjs' {
  export function freePort(preferred?: number): Promise<number>;
}
declare module '*/processes.mjs' {
  interface Note {
    pid: number;
    identity: string | null;
  }
  export function identityOf(pid: number): string | null;
  export function noteOf(pid: number): Note;
  export function findOnPath(name: string, path?: string): string | null;
  export function until(done: () => unknown, withinMs: number): Promise<boolean>;
  export function run(
    command: string,
    args: string[],
    options?: { timeoutMs?: number; env?: Record<string, string | undefined> },
  ): Promise<{ code: number; output: string }>;
}
declare module '*/redis-probe.mjs' {
  export function redisProbe(root: string): {
    ping: (url: string, withinMs: number) => Promise<unknown>;
    inspect: (url: string, withinMs: number) => Promise<{ version: string; warnings: string[] }>;
  };
}
declare module '*/redis-rungs.mjs' {
  type TryRung = import('*/ladder.mjs').TryRung;
  export const tryGivenRedis: TryRung;
  export const tryRedisOnPath: TryRung;
  export const tryValkeylite: TryRung;
}
declare module '*/run-file.mjs' {
  export function readRunFile(data: string): unknown;
  export function writeRunFile(data: string, running: { ready: object; mongo: object; redis: object }): void;
  export function removeRunFile(data: string): void;
}
declare module '*/servers.mjs' {
  export function startMongo(setup: object): Promise<{ url: string }>;
  export function startRedis(setup: object): Promise<{ url: string }>;
}
declare module '*/tally.mjs' {
  interface Tally {
    passed: number;
    failed: number;
    skipped: string[];
  }
  export function newTally(): Tally;
  export function addOne(tally: Tally, ok: boolean): void;
  export function addSkipped(tally: Tally, what: string, reason: string): void;
  export function addJestReport(tally: Tally, report: object | null, root: string): void;
  export function closingLine(tally: Tally): string;
  export function isGreen(tally: Tally): boolean;
}
