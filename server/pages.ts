import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extname, join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

/** The built web lies in dist/web: beside dist/server, or under dist when this runs from source. */
function webFolder(): string {
  const beside = fileURLToPath(new URL('../web', import.meta.url));
  // Beside the sources lie the sources of the web, which have no assets.
  const built = existsSync(join(beside, 'visitor', 'assets'));
  return built ? beside : fileURLToPath(new URL('../dist/web', import.meta.url));
}

/** What a phone installs opens with the institution of the link that it was installed from (`?i=`). */
function manifest(root: string): RequestHandler {
  return (req, res, next) => {
    const { i } = req.query;
    const file = join(root, 'manifest.webmanifest');
    if (typeof i !== 'string' || !existsSync(file)) {
      next();
      return;
    }
    const whole = JSON.parse(readFileSync(file, 'utf8')) as { start_url: string };
    const start_url = `${whole.start_url}?i=${encodeURIComponent(i.slice(0, 64))}`;
    res.set('Cache-Control', 'no-cache').type('application/manifest+json');
    res.send(JSON.stringify({ ...whole, start_url }));
  };
}

/** Best first; each stands beside its file (web/build.mjs). */
const PACKED = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/** Answers with the packed form of a file where there is one and the client takes it. */
function packed(root: string): RequestHandler {
  return (req, res, next) => {
    const path = req.path.endsWith('/') ? `${req.path}index.html` : req.path;
    // Nothing that leads out of the folder, and nothing that is not plainly one of the build's names.
    if (!/^(\/[\w-]+)*\/[\w-][\w.-]*\.(js|css|html|svg)$/.test(path)) {
      next();
      return;
    }
    res.vary('Accept-Encoding');
    const accepted = req.acceptsEncodings();
    const found = PACKED.find(
      ({ encoding, ending }) => accepted.includes(encoding) && existsSync(join(root, path + ending)),
    );
    if (found) {
      res.type(extname(path)).set('Content-Encoding', found.encoding);
      req.url = path + found.ending;
    }
    next();
  };
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
    if (name === 'visitor') router.get(`${prefix}/manifest.webmanifest`, manifest(root));
    router.use(
      prefix,
      packed(root),
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
