/** `npm start` step and command of its own: the demo, or the first admin. Decides itself; safe to repeat. */
import { buildModels } from '../models/index.js';
import { systemClock } from '../platform/clock.js';
import { connectMongo } from '../platform/mongo.js';
import { seed, type Seeded } from '../services/demo/seed.js';
import { openKeyring } from '../services/seal/index-key.js';
import { createKeyStore } from '../services/seal/keys.js';
import { command } from './command.js';

await command('seed', async (config) => {
  const begun = performance.now();
  const connection = await connectMongo(config.MONGODB_URL, config.DATABASE, 20);
  try {
    const models = buildModels(connection);
    const keyring = await openKeyring(models, config);
    const keys = createKeyStore({ models, keyring, clock: systemClock });
    const seeded = await seed({ config, clock: systemClock, models, keyring, keys });
    tell(seeded, (performance.now() - begun) / 1_000);
  } finally {
    await connection.close();
  }
});

function tell({ outcome, conversations, messages }: Seeded, seconds: number): void {
  if (outcome === 'demo')
    console.log(
      `demo seeded in ${seconds.toFixed(1)} s: ${String(conversations)} conversations, ${String(messages)} messages`,
    );
  if (outcome === 'first-admin')
    console.log('first system admin made: admin, with the password of ADMIN_PASSWORD');
  if (outcome === 'no-admin')
    console.log('nobody can log in yet: set ADMIN_PASSWORD and start again to make the first system admin');
}
