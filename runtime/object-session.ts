/**
 * A session for objects of other compilers: no script says what their output means, so that what can be shown is what
 * they print for the trace pipe, and what lies in their maps and variables at the end. Programs that cannot run here are
 * left out, each with a reason.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import type { CoreProblem } from '../bpf/core/index.ts';
import type { MapDefinition } from '../bpf/maps.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { Type } from '../compiler/types/type.ts';
import { AttachError } from './attach-error.ts';
import type { Kernel, Link, LoadedObject, MapHandle, OutputConsumer, PrintkLine } from './kernel.ts';
import { typeOfBtf } from './output/btf-value.ts';
import { viewMap } from './output/map-view.ts';
import type { OutputSink } from './output/sink.ts';
import { type KernelFacts, runnableObject } from './runnable-object.ts';
import { pumpUntilEnd, verifyAndLoad } from './session.ts';

export interface ObjectSessionOptions {
  readonly kernel: Kernel;
  readonly object: BpfObject;
  readonly sink: OutputSink;
  readonly facts?: KernelFacts;
  readonly signal?: AbortSignal;
  readonly onProgress?: () => void;
  /** False: load what Linux would refuse, too. */
  readonly verify?: boolean;
  /** Takes what the user should know: programs left out, output that nobody reads. */
  readonly note: (message: string) => void;
  /** Takes what relocating the object found, all at once, if anything. */
  readonly relocationProblems: (problems: readonly CoreProblem[]) => void;
}

export interface ObjectSessionResult {
  readonly attached: number;
  /** Records of ring buffers and perf event arrays. */
  readonly records: number;
}

/** Rejects with a VerificationError when Linux would refuse what is left, with a LoadError when it cannot be loaded. */
export async function runObjectSession(options: ObjectSessionOptions): Promise<ObjectSessionResult> {
  const { kernel, sink, note } = options;
  const { object, problems, notes } = runnableObject(options.object, kernel.describe(), options.facts ?? {});
  if (problems.length > 0) options.relocationProblems(problems);
  for (const message of notes) note(message);
  const loaded = await verifyAndLoad(kernel, object, options.verify !== false);
  const consumer = countingConsumer(options);
  const links = await attachAll(kernel, object, note);
  sink.attached(links.length);
  try {
    if (links.length > 0) await pumpUntilEnd(options, consumer);
  } finally {
    for (const link of links) link.detach();
  }
  sink.end();
  for (const map of object.maps) printMap(map, loaded, object, sink);
  return { attached: links.length, records: consumer.records };
}

async function attachAll(
  kernel: Kernel,
  object: BpfObject,
  note: (message: string) => void,
): Promise<readonly Link[]> {
  const links: Link[] = [];
  const points = object.programs.flatMap((program) =>
    program.attach.map((point): readonly [BpfProgram, AttachPoint] => [program, point]),
  );
  for (const [program, point] of points) {
    try {
      links.push(await kernel.attach(program, point, ''));
    } catch (error) {
      if (!(error instanceof AttachError)) throw error;
      note(`${program.name} (${program.section}) is not run: ${error.message}`);
    }
  }
  return links;
}

interface CountingConsumer extends OutputConsumer {
  readonly records: number;
}

function countingConsumer({ sink, signal, note }: ObjectSessionOptions): CountingConsumer {
  let records = 0;
  const told = new Set<string>();
  return {
    record(): void {
      records++;
    },
    lost: (count, source) => sink.lost(count, source),
    printk: (line: PrintkLine) => sink.printk(line),
    warning(message: string): void {
      if (!told.has(message)) note(message);
      told.add(message);
    },
    get stopped(): boolean {
      return signal?.aborted === true;
    },
    get records(): number {
      return records;
    },
  };
}

/** Types whose entries are plain keys and values. */
const SHOWN: ReadonlySet<string> = new Set([
  'hash',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'array',
  'percpu_array',
]);

/** Entries of a map, or the variables of a section of data. Elements of arrays that are zero are left out. */
function printMap(map: MapDefinition, loaded: LoadedObject, object: BpfObject, sink: OutputSink): void {
  if (!SHOWN.has(map.type) || map.name.startsWith('.rodata') || map.name === '.kconfig') return;
  if (map.name.startsWith('.')) {
    printVariables(map, loaded, object, sink);
    return;
  }
  const handle = loaded.map(map.name);
  const isArray = map.type === 'array' || map.type === 'percpu_array';
  const value = typeOfBtf(object.btf, map.btf?.value ?? 0, map.valueSize);
  const view = viewMap(
    {
      name: map.name,
      key: typeOfBtf(object.btf, map.btf?.key ?? 0, map.keySize),
      keySize: map.keySize,
      value: handle.copies === 1 ? value : copiesOf(value, handle.copies),
      perCpu: handle.copies > 1,
      declaredAt: { source: 0, start: 0, end: 0 },
    },
    isArray ? withoutZeros(handle) : handle,
  );
  if (view.rows.length > 0) sink.map(view);
}

function copiesOf(element: Type, count: number): Type {
  return { kind: 'array', size: element.size * count, element, count };
}

function withoutZeros(handle: MapHandle): MapHandle {
  const { name, keySize, valueSize, copies } = handle;
  return {
    name,
    keySize,
    valueSize,
    copies,
    lookup: (key) => handle.lookup(key),
    update: (key, value, flags) => handle.update(key, value, flags),
    delete: (key) => handle.delete(key),
    entries: () => nonZero(handle.entries()),
  };
}

function* nonZero<Entry extends { readonly value: Uint8Array }>(entries: Iterable<Entry>): Generator<Entry> {
  for (const entry of entries) if (entry.value.some((byte) => byte !== 0)) yield entry;
}

function printVariables(
  map: MapDefinition,
  loaded: LoadedObject,
  { btf }: BpfObject,
  sink: OutputSink,
): void {
  const section = btf !== undefined && map.btf !== undefined ? btf.type(map.btf.value) : undefined;
  const bytes = loaded.map(map.name).lookup(new Uint8Array(4));
  if (section?.kind !== 'datasec' || bytes === undefined) return;
  for (const { type: id, offset, size } of section.variables) {
    const variable = btf!.type(id);
    if (variable.kind !== 'var' || offset + size > bytes.length) continue;
    const type = typeOfBtf(btf, variable.type, size);
    const value = { kind: 'cell', cell: { type, bytes, offset } } as const;
    sink.map({ name: variable.name, keyed: false, valueType: type, rows: [{ value }] });
  }
}
