/** `npm run openapi`: prints docs/openapi.json. */
import { writeFileSync } from 'node:fs';
import { openApi } from '../server/openapi.js';

writeFileSync('docs/openapi.json', `${JSON.stringify(openApi(), null, 2)}\n`);
