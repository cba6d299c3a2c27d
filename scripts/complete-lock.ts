/**
 * Completes package-lock.json: a registry mirror that lacks the optional packages of other platforms leaves them out of
 * the lock, and `npm ci` then refuses it. Adds an entry for each, with the platform its name tells.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Record<string, Entry & Record<string, unknown>>;

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
  'win32',
  'openharmony',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
  'wasm32',
];

/** `@scope/thing-linux-arm64-musl` says which machines it is for. */
function platformOf(name: string): Record<string, unknown> {
  const words = name.split('/').at(-1)!.split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor)).slice(0, 1);
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.includes('gnu')
      ? ['glibc']
      : [];
  return { cpu, ...(os.length > 0 && { os }), ...(libc.length > 0 && { libc }) };
}

/** Where to put a package that `parent` wants: beside it when another version holds the top; undefined when it is there. */
function placeOf(parent: string, name: string, version: string): string | undefined {
  const top = `node_modules/${name}`;
  if (packages[top] === undefined) return top;
  const beside = `${parent.slice(0, parent.lastIndexOf('node_modules/'))}${top}`;
  return packages[top].version === version || packages[beside] !== undefined ? undefined : beside;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Packages };
const packages: Packages = { ...lock.packages };
let added = 0;
for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = placeOf(parent, name, version);
    if (path === undefined) continue;
    packages[path] = {
      version,
      ...platformOf(name),
      ...(entry.dev === true && { dev: true }),
      optional: true,
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added`);
