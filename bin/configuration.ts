/** `npm run configuration`: writes docs/configuration.md. */
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../platform/configuration-page.js';

writeFileSync('docs/configuration.md', configurationPage());
