/** Host programs and what they need to start elsewhere: their path and, by ldd, the shared libraries. */
import { access, constants, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import type { TreeEntry } from './tree.ts';

const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where the host keeps the program; a name with a slash is taken as it is. */
export async function findProgram(name: string): Promise<string> {
  const candidates = name.includes('/') ? [name] : PROGRAM_FOLDERS.map((folder) => join(folder, name));
  for (const path of candidates) {
    if (await isExecutable(path)) return realpath(path);
  }
  throw new Error(`program ${name} is not on this machine (looked at ${candidates.join(', ')})`);
}

/** Tree entries for the program at `to` and for each library at the very path the loader will look for. */
export async function programEntries(path: string, to: string): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>([[to, { kind: 'file', from: path }]]);
  for (const library of await sharedLibraries(path)) {
    entries.set(library, { kind: 'file', from: await realpath(library) });
  }
  return entries;
}

/** Absolute paths of the shared libraries, the loader included; empty for a static program. */
async function sharedLibraries(path: string): Promise<readonly string[]> {
  // ldd ends with 1 for "not a dynamic executable".
  const { stdout } = await run('ldd', [path], { accept: [0, 1] });
  const missing = /^\s*(\S+) => not found/m.exec(stdout);
  if (missing !== null) throw new Error(`${path} needs ${missing[1]}, which is not on this machine`);
  return [...stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map((match) => match[1]!);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
