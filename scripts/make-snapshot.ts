/**
 * Makes the snapshot of a kernel that comes with bpfkit:
 *
 *     node scripts/make-snapshot.ts FOLDER [snapshots/linux-6.1.snapshot]
 *
 * FOLDER holds what was saved from a machine with that kernel: `vmlinux.btf.gz`, `formats.txt.gz` (each file behind a line
 * `### events/SYSTEM/EVENT/format`), `available_filter_functions.gz`, `kallsyms.gz`, and a `trace.dat` that tells its release.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { nodeDecompressor } from '../runtime/node/decompressor.ts';
import { openFileSource } from '../runtime/node/file-source.ts';
import { packSnapshot } from '../runtime/node/pack-snapshot.ts';
import { openRecording } from '../runtime/recording/index.ts';
import { parseTraceableFunctions, syscallsOf, writeSnapshot } from '../runtime/snapshot/index.ts';

const MARK = '### events/';
const ARCHITECTURE = 'x86_64';

const [folder, output = fileURLToPath(new URL('../snapshots/linux-6.1.snapshot', import.meta.url))] =
  process.argv.slice(2);
if (folder === undefined) throw new Error('node scripts/make-snapshot.ts FOLDER [FILE]');

const unpacked = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(join(folder, name))));
const text = (name: string): string => new TextDecoder().decode(unpacked(name));

const formats = text('formats.txt.gz')
  .split(MARK)
  .slice(1)
  .map((entry) => {
    const [path = '', ...lines] = entry.split('\n');
    const [system = '', name = ''] = path.split('/');
    return { system, name, text: lines.join('\n') };
  });
const { machine, cpus } = openRecording(openFileSource(join(folder, 'trace.dat')), {
  decompressor: nodeDecompressor,
});
const syscalls = syscallsOf({ architecture: ARCHITECTURE, formats, kallsyms: text('kallsyms.gz') });
const bytes = writeSnapshot({
  release: machine.release ?? '6.1',
  architecture: ARCHITECTURE,
  cpus,
  btf: unpacked('vmlinux.btf.gz'),
  formats,
  functions: parseTraceableFunctions(text('available_filter_functions.gz')),
  ...(syscalls === undefined ? {} : { syscalls }),
});
const packed = packSnapshot(bytes);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, packed);
console.log(`${output}: ${packed.length} bytes, ${bytes.length} unpacked`);
