import { ConfigError, loadConfig, type Config } from '../platform/config.js';

/** Runs a one-off command: configuration faults and failures are one clear text and exit code 1. */
export async function command(name: string, run: (config: Config) => Promise<void>): Promise<void> {
  try {
    await run(loadConfig(process.env));
  } catch (error) {
    const text =
      error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    console.error(`${name}: ${text ?? 'failed'}`);
    process.exitCode = 1;
  }
}
