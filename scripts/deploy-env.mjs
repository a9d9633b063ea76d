/** `node scripts/deploy-env.mjs > .env`: the secrets of a new installation by docker-compose.yml, made once. */
import { randomBytes } from 'node:crypto';

const secret = () => randomBytes(32).toString('base64');
/** For passwords that stand inside a URL. */
const word = () => randomBytes(24).toString('base64url');

process.stdout
  .write(`# Keep this file apart from the backups. Without DATA_KEY and PEPPER they cannot be opened.
DOMAIN=
# password of the first system admin (admin); change it after the first log-in, then empty this line
ADMIN_PASSWORD=${word()}
JWT_SECRET=${secret()}
PEPPER=${secret()}
DATA_KEY=${secret()}
MONGO_PASSWORD=${word()}
MONGO_KEY=${randomBytes(256).toString('base64')}
REDIS_PASSWORD=${word()}
METRICS_TOKEN=${word()}
GRAFANA_PASSWORD=${word()}
`);
