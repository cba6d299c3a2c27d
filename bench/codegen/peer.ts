/**
 * The peer: what real bpftrace 0.17 makes of a script, by `--emit-elf`, which compiles and attaches nothing. It reads
 * tracepoint formats from tracefs and kernel types from a file: both are Linux 6.1's, the ones our compiler is given,
 * in a mount namespace of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeInstructions } from '../../bpf/decode.ts';
import { openElf } from '../../bpf/elf/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';

const ROOT: string = join(import.meta.dirname, '../..');
const FORMATS: string = join(ROOT, 'tests/data/formats-6.1.txt.gz');

/** One program of the peer's object: the section without `s_` and number, e.g. `kprobe:vfs_read`. */
export interface PeerProgram {
  readonly probe: string;
  readonly instructions: readonly Instruction[];
}

export type PeerResult =
  | { readonly ok: true; readonly programs: readonly PeerProgram[] }
  | { readonly ok: false; readonly reason: string };

export class Bpftrace {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'bpfkit-codegen-'));

  /** `btf`: the kernel's types, raw. */
  constructor(btf: Uint8Array) {
    writeFileSync(join(this.#folder, 'vmlinux'), btf);
    this.#writeFormats();
  }

  /** undefined when it is there and may be run; else what is missing. */
  static missing(): string | undefined {
    const found = spawnSync('bpftrace', ['--version'], { encoding: 'utf8' });
    if (found.status !== 0) return 'no bpftrace';
    if (!found.stdout.includes('v0.17.')) return `bpftrace 0.17 is wanted, this is ${found.stdout.trim()}`;
    return process.getuid?.() === 0 ? undefined : 'bpftrace wants root even to compile';
  }

  /** `maxStrlen`: bytes of a string that `str()` reads. */
  compile(script: string, maxStrlen: number): PeerResult {
    const [source, elf] = [join(this.#folder, 'script.bt'), join(this.#folder, 'object')];
    writeFileSync(source, script);
    rmSync(elf, { force: true });
    const command = `mount --bind ${this.#folder}/debug /sys/kernel/debug && exec bpftrace --emit-elf ${elf} ${source}`;
    const { stderr, error } = spawnSync('unshare', ['-m', 'sh', '-c', command], {
      encoding: 'utf8',
      env: {
        ...process.env,
        BPFTRACE_STRLEN: String(maxStrlen),
        BPFTRACE_BTF: join(this.#folder, 'vmlinux'),
      },
    });
    if (error !== undefined) return { ok: false, reason: error.message };
    try {
      return { ok: true, programs: readPrograms(readFileSync(elf)) };
    } catch {
      const lines = stderr.split('\n').filter((line) => /ERROR/.test(line) && !/RLIMIT/.test(line));
      return { ok: false, reason: lines.join('; ') || stderr.trim() };
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #writeFormats(): void {
    const tracefs = join(this.#folder, 'debug/tracing');
    const texts = gunzipSync(readFileSync(FORMATS)).toString('utf8').split(/^### /m).slice(1);
    const events: string[] = [];
    for (const text of texts) {
      const end = text.indexOf('\n');
      const path = text.slice(0, end);
      mkdirSync(join(tracefs, dirname(path)), { recursive: true });
      writeFileSync(join(tracefs, path), text.slice(end + 1));
      events.push(
        path
          .replace(/^events\//, '')
          .replace(/\/format$/, '')
          .replace('/', ':'),
      );
    }
    writeFileSync(join(tracefs, 'available_events'), `${events.join('\n')}\n`);
    writeFileSync(join(tracefs, 'available_filter_functions'), 'vfs_read\nvfs_write\nvfs_open\n');
  }
}

/** Sections `s_PROBE_N` hold one program each; 0.17 leaves nothing to relocate but bare map numbers. */
function readPrograms(bytes: Uint8Array): PeerProgram[] {
  const file = openElf(bytes);
  return file.sections.flatMap((section): PeerProgram[] => {
    const probe = /^s_(.*)_\d+$/.exec(section.name)?.[1];
    if (probe === undefined) return [];
    const { instructions } = decodeInstructions(file.data(section));
    return [{ probe, instructions }];
  });
}
