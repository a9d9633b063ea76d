/** The second document's calls, all POST; each group in a file of its own. */
import type { Route } from '../../route.js';
import { consultantAuthRoutes } from './auth.js';

export const consultantRoutes: Route[] = [...consultantAuthRoutes];
