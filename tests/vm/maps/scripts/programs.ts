/**
 * Scripts of programs that use a map: one fixed program for each helper, with key, value, flags and CPU from its context,
 * as raw tracepoints get them. They are run on a CPU, and user space looks at what is there in the end.
 *
 *     context: u64 flags or number | key, 8-byte aligned | value, 8-byte aligned; all of it at most 96 bytes
 */
import fc from 'fast-check';
import { assembleInstructions } from '../../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../../bpf/encode.ts';
import { MapFlags, type MapTypeName } from '../../../../bpf/maps.ts';
import { hexOf } from '../machine-runner.ts';
import { bufferScripts } from './buffers.ts';
import { mapLine, type Script, type Shape, word } from './parts.ts';
import { LOCKED, lockedLine } from './typed.ts';

const RAW_TRACEPOINT = 17;
/** Tracing programs cannot use maps with locks; these can. */
const SYSCALL = 31;
/** Bytes of the stack from r10 - 96: flags, key, value, as in the context. */
const PLACE = 96;

const round8 = (size: number): number => Math.ceil(size / 8) * 8;

/** Program 0 … of a map of this shape, and the command that makes it. */
function programLine(shape: Shape, action: Action): string {
  const { keySize, valueSize } = shape;
  const words = (8 + round8(keySize) + round8(valueSize)) / 8;
  const copies = Array.from(
    { length: words },
    (_, i) => `r3 = *(u64 *)(r1 + ${i * 8})\n*(u64 *)(r10 - ${PLACE - i * 8}) = r3`,
  );
  const key = `r2 = r10\nr2 += -${PLACE - 8}`;
  const value = (register: number): string =>
    `r${register} = r10\nr${register} += -${PLACE - 8 - round8(keySize)}`;
  const flags = (register: number): string => `r${register} = *(u64 *)(r10 - ${PLACE})`;
  // What is found: its first byte and 256, so that it is not mistaken for nothing.
  const found = 'if r0 == 0 goto +2\nr0 = *(u8 *)(r0 + 0)\nr0 += 256';
  const bodies: Readonly<Record<Action, string>> = {
    lookup: `${key}\ncall bpf_map_lookup_elem\n${found}`,
    percpu: `${key}\n${flags(3)}\ncall bpf_map_lookup_percpu_elem\n${found}`,
    add: `${key}\ncall bpf_map_lookup_elem\nif r0 == 0 goto +3\nr1 = *(u8 *)(r0 + 0)\nr1 += 3\n*(u8 *)(r0 + 0) = r1`,
    update: `${key}\n${value(3)}\n${flags(4)}\ncall bpf_map_update_elem`,
    delete: `${key}\ncall bpf_map_delete_elem`,
    push: `${value(2)}\n${flags(3)}\ncall bpf_map_push_elem`,
    pop: `${value(2)}\ncall bpf_map_pop_elem\n*(u64 *)(r10 - 8) = r0\nr1 = *(u8 *)(r10 - ${PLACE - 8 - round8(keySize)})\nr1 <<= 8\nr0 += r1`,
    peek: `${value(2)}\ncall bpf_map_peek_elem\nr1 = *(u8 *)(r10 - ${PLACE - 8 - round8(keySize)})\nr1 <<= 8\nr0 += r1`,
  };
  const ending = action === 'add' ? 'r0 = 0\nexit' : 'exit';
  const text = `${copies.join('\n')}\nr1 = map[m]\n${bodies[action]}\n${ending}`;
  const { instructions, diagnostics } = assembleInstructions(text);
  if (diagnostics.length > 0) throw new Error(`${diagnostics[0]!.message} in\n${text}`);
  const { bytes, holes } = encodeInstructions(instructions);
  const slot = holes[0]!.slot;
  bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | (1 << 4);
  return `program ${isLocked(shape) ? SYSCALL : RAW_TRACEPOINT} ${hexOf(bytes)} ${slot}:0 - -`;
}

/** Values of this size are those with a lock. */
function isLocked({ type, valueSize }: Shape): boolean {
  return (type === 'hash' || type === 'array') && valueSize === LOCKED.size;
}

type Action = 'lookup' | 'percpu' | 'add' | 'update' | 'delete' | 'push' | 'pop' | 'peek';

function context({ keySize, valueSize }: Shape, flags: number, key: string, value: string): string {
  const number = hexOf(new Uint8Array(BigUint64Array.of(BigInt(flags)).buffer));
  const padded = (text: string, size: number): string =>
    size === 0 ? '' : text.padEnd(round8(size) * 2, '0');
  return `${number}${padded(key, keySize)}${padded(value, valueSize)}`;
}

function uses(
  shape: fc.Arbitrary<Shape>,
  actions: readonly Action[],
  keys: fc.Arbitrary<string>,
  cpus: number,
): fc.Arbitrary<Script> {
  return shape.chain((one) => {
    const bytes = fc.nat(250).map((seed) => hexOf(new Uint8Array(one.valueSize).map((_, i) => seed + i * 7)));
    const run = fc
      .tuple(
        fc.nat(actions.length - 1),
        fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 7, 0x1_0000_0000),
        keys,
        bytes,
        fc.nat(cpus - 1),
      )
      .map(([action, flags, key, value, cpu]) => `run ${action} ${context(one, flags, key, value)} ${cpu}`);
    const look = keys.map((key) => `lookup 0 ${key} 0 ${'00'.repeat(one.valueSize)}`);
    const commands = fc.oneof({ weight: 4, arbitrary: run }, { weight: 1, arbitrary: look });
    return fc.array(commands, { minLength: 10, maxLength: 40 }).map((all) => ({
      shape: one,
      lines: [
        isLocked(one) ? lockedLine(one) : mapLine(one),
        ...actions.map((action) => programLine(one, action)),
        ...all,
        'get-batch 0 40 - 0 0',
      ],
    }));
  });
}

/** By map type; `cpus` is the number of possible CPUs. */
export function programScripts(cpus: number): ReadonlyMap<string, fc.Arbitrary<Script>> {
  const shaped = (type: MapTypeName, keySize: number, valueSize: number, flags = 0): fc.Arbitrary<Shape> =>
    fc.integer({ min: 1, max: 5 }).map((maxEntries) => ({ type, keySize, valueSize, maxEntries, flags }));
  const numbers = fc.nat(6);
  const words = numbers.map(word);
  const long = numbers.map((number) => `${word(number)}0102030405060708`);
  const prefix = fc
    .tuple(fc.nat(33), fc.nat(7))
    .map(
      ([length, bits]) =>
        `${word(length)}${(bits << 5).toString(16).padStart(2, '0')}0000${word(bits).slice(0, 2)}`,
    );
  const table: readonly Action[] = ['lookup', 'update', 'delete', 'add'];
  const perCpu: readonly Action[] = [...table, 'percpu'];
  const queue: readonly Action[] = ['push', 'pop', 'peek'];
  return new Map([
    ['hash', uses(shaped('hash', 4, 8), table, words, cpus)],
    ['hash of long keys', uses(shaped('hash', 12, 20), table, long, cpus)],
    ['hash with locks', uses(shaped('hash', 4, LOCKED.size), table, words, cpus)],
    ['array with locks', uses(shaped('array', 4, LOCKED.size), table, words, cpus)],
    ...bufferScripts(cpus),
    ['percpu_hash', uses(shaped('percpu_hash', 4, 12), perCpu, words, cpus)],
    ['array', uses(shaped('array', 4, 8), table, words, cpus)],
    ['percpu_array', uses(shaped('percpu_array', 4, 12), perCpu, words, cpus)],
    ['lpm_trie', uses(shaped('lpm_trie', 8, 8, MapFlags.NO_PREALLOC), table, prefix, cpus)],
    ['queue', uses(shaped('queue', 0, 8), queue, fc.constant('-'), cpus)],
    ['stack', uses(shaped('stack', 0, 12), queue, fc.constant('-'), cpus)],
    [
      'bloom_filter',
      uses(shaped('bloom_filter', 0, 8, MapFlags.ZERO_SEED), ['push', 'peek'], fc.constant('-'), cpus),
    ],
  ]);
}
