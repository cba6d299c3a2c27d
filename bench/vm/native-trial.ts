/** A program in another process: the kernel, the C interpreter, or a runner from outside. The protocol is in `runner.h`. */

import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encodeInstructions } from '../../bpf/encode.ts';
import { fromHex, toHex } from '../../bpf/hex.ts';
import { type LinkedFunction, linkProgram } from '../../bpf/link.ts';
import { mapType } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { functionInfo } from '../../tests/linux/function-info.ts';
import type { Drained, Dump, Subject, Timed, Trial } from './contestant.ts';

/** Starts a runner and loads the program; a string says why the runner does not take it. */
export async function nativeTrial(
  argv: readonly string[],
  subject: Subject,
  object: BpfObject,
): Promise<Trial | string> {
  const runner = new Runner(argv);
  try {
    for (const { type, keySize, valueSize, maxEntries, flags } of subject.maps) {
      await runner.ask(`map ${mapType(type).id} ${keySize} ${valueSize} ${maxEntries} ${flags}`);
    }
    await runner.ask(`context ${subject.context} ${hex(subject.bytes)}`);
    const { code, functions } = encoded(object);
    const { btf, records } = functionInfo(functions);
    await runner.ask(`load ${hex(code)} ${functions.length > 1 ? `${hex(btf)} ${hex(records)}` : '- -'}`);
  } catch (error) {
    runner.close();
    return (error as Error).message;
  }
  return new NativeTrial(runner, subject);
}

/** One of the C files of this folder, compiled; undefined without a compiler. It stays until the process ends. */
export function compiled(name: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const binary = join(folder, name);
  try {
    execFileSync('cc', ['-O2', '-o', binary, join(import.meta.dirname, `${name}.c`)], { stdio: 'pipe' });
    return binary;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

class Runner {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor([file, ...args]: readonly string[]) {
    this.#child = spawn(file!, args, { stdio: 'pipe' });
    this.#child.stderr.pipe(process.stderr);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    const end = (text: string): void => {
      for (const done of this.#waiting.splice(0)) done(`err ${text}`);
    };
    this.#child.on('exit', (code, signal) => end(`the runner ended with ${signal ?? code}`));
    this.#child.on('error', (error) => end(error.message));
    this.#child.stdin.on('error', () => {});
  }

  /** The words after `ok`; throws what comes after `err`. */
  async ask(command: string): Promise<readonly string[]> {
    const line = await new Promise<string>((done) => {
      this.#waiting.push(done);
      this.#child.stdin.write(`${command}\n`);
    });
    const [status, ...words] = line.trim().split(' ');
    if (status !== 'ok') throw new Error(words.join(' '));
    return words;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

class NativeTrial implements Trial {
  readonly #runner: Runner;
  readonly #subject: Subject;

  constructor(runner: Runner, subject: Subject) {
    this.#runner = runner;
    this.#subject = subject;
  }

  async time(runs: number): Promise<Timed> {
    const result = this.#subject.result?.toString(16) ?? '-';
    const [nanoseconds, last] = await this.#runner.ask(`run ${runs} ${result}`);
    return { nanoseconds: Number(nanoseconds), runs, last: BigInt(`0x${last}`) };
  }

  async dump(map: string): Promise<Dump> {
    const entries = await this.#runner.ask(`dump ${this.#number(map)}`);
    return new Map(entries.map((entry) => entry.split('=') as [string, string]));
  }

  async drain(map: string): Promise<Drained> {
    const [count, words] = await this.#runner.ask(`drain ${this.#number(map)}`);
    const bytes = words === '-' ? new Uint8Array(0) : fromHex(words!);
    return { count: Number(count), words: new Int32Array(bytes.buffer) };
  }

  close(): void {
    this.#runner.close();
  }

  #number(map: string): number {
    return this.#subject.maps.findIndex(({ name }) => name === map);
  }
}

/** Program `main` with its functions as one stream, the numbers of maps in its wide loads. */
function encoded(object: BpfObject): { code: Uint8Array; functions: readonly LinkedFunction[] } {
  const linked = linkProgram(object.programs[0]!, object.functions);
  const { bytes, holes, problems } = encodeInstructions(linked.instructions);
  const [wrong] = [...linked.problems, ...problems];
  if (wrong !== undefined) throw new Error(`slot ${wrong.slot}: ${wrong.message}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const { slot, ref } of holes) {
    if (ref.kind !== 'map') throw new Error(`slot ${slot} names a ${ref.kind}`);
    bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | (1 << 4);
    view.setInt32(
      slot * 8 + 4,
      object.maps.findIndex(({ name }) => name === ref.name),
      true,
    );
  }
  return { code: bytes, functions: linked.functions };
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? '-' : toHex(bytes);
}
