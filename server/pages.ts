import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import express, { Router } from 'express';

/** The built web lies in dist/web: beside dist/server, or under dist when this runs from source. */
function webFolder(): string {
  const beside = fileURLToPath(new URL('../web', import.meta.url));
  // Beside the sources lie the sources of the web, which have no assets.
  const built = existsSync(join(beside, 'visitor', 'assets'));
  return built ? beside : fileURLToPath(new URL('../dist/web', import.meta.url));
}

/** Our pages under prefixes of their own: documented paths like /config are root paths. */
export function pages(): Router {
  const router = Router();
  const folder = webFolder();
  for (const [prefix, name] of [
    ['/visit', 'visitor'],
    ['/console', 'console'],
  ] as const) {
    const root = join(folder, name);
    router.use(
      prefix,
      express.static(root, {
        index: 'index.html',
        redirect: true,
        setHeaders(res, path) {
          // Hashed names never change; pages are asked for again each time.
          res.set(
            'Cache-Control',
            path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          );
        },
      }),
    );
    router.get([prefix, `${prefix}/*rest`], (req, res, next) => {
      if (req.path.includes('/assets/') || !existsSync(join(root, 'index.html'))) next();
      else res.set('Cache-Control', 'no-cache').sendFile(join(root, 'index.html'));
    });
  }
  router.get('/', (_req, res) => {
    res.redirect('/visit/');
  });
  return router;
}
