/** Entries of package-lock.json for optional platform packages (see scripts/complete-lockfile.mjs). */

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** Adds what is missing to a parsed lock file and answers the names that it added, sorted. */
export function completeLockfile(lock) {
  const added = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isThere(lock.packages, path, name)) continue;
      lock.packages[`node_modules/${name}`] = stub(name, version, entry);
      added.push(name);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
  return added.sort();
}

/** Node's own look-up: beside the package that asks, then one folder further out, and so on. */
function isThere(packages, from, name) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    if (packages[folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function stub(name, range, { dev }) {
  const version = /^\D*(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
  if (!version) throw new Error(`${name}: the version "${range}" is no single one`);
  const words = name.replace('@', '').split(/[/-]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) =>
    words.some((word) => word === processor || isArm(word, processor)),
  );
  return {
    version,
    ...(cpu.length && { cpu }),
    ...(dev && { dev }),
    optional: true,
    ...(os.length && { os }),
  };
}

const isArm = (word, processor) => processor === 'arm' && /^(arm|armv7)$/.test(word);

/** npm's own order: by plain comparison of the paths, the root first. */
function byPath([a], [b]) {
  return a.localeCompare(b, 'en');
}
