/**
 * Keeps the shell of the visitor's page on the phone, so that the page and the emergency card open off line too.
 * It touches nothing but its own files: calls of the API and what they answer never pass through here, and no
 * address is kept. web/build.mjs fills in the two names in capitals.
 */
/* global self, caches, clients, fetch, setTimeout, Request, URL */
const SHELL = JSON.parse('__SHELL__');
const CACHE = 'visit-__VERSION__';
const PAGE = '/visit/';
/** A page that is this late is taken from the phone; the next visit has the new one. */
const PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.map(wanted)))
      .then(() => self.skipWaiting()),
  );
});

/** What carries a hash in its name was loaded a moment ago and is not fetched again. */
const wanted = (path) => new Request(path, { cache: path.includes('/assets/') ? 'default' : 'reload' });

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (mode === 'navigate' && pathname === PAGE) event.respondWith(page(event.request));
  else if (pathname !== PAGE && SHELL.includes(pathname)) event.respondWith(kept(event.request, pathname));
});

async function kept(request, path) {
  return (await caches.match(path)) ?? fetch(request);
}

/** The newest page there is, but not at any price. */
async function page(request) {
  const shell = await caches.match(PAGE);
  if (!shell) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, shell));
  const fresh = fetch(request).then((answer) => (answer.status < 500 ? answer : shell));
  return Promise.race([fresh.catch(() => shell), late]);
}

self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(forget());
});

/** Somebody left in a hurry: nothing stays that tells of a visit. */
async function forget() {
  for (const notice of await self.registration.getNotifications()) notice.close();
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await self.registration.unregister();
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    clients
      .matchAll({ type: 'window' })
      .then(([open]) => (open === undefined ? clients.openWindow(PAGE) : open.focus())),
  );
});
