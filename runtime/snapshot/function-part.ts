/**
 * Functions of a kernel in a snapshot, in order, each without what its name shares with the one before.
 *
 *     modules · module* · functions · (shared characters · rest of the name · number of its module or 0)*
 */
import { Bytes, BytesReader } from './bytes.ts';
import type { SnapshotPart } from './container.ts';
import { compare } from './format-part.ts';

export interface KernelFunction {
  readonly name: string;
  /** Absent when it is the kernel's own. */
  readonly module?: string;
}

/** Several of one name and module are written once. */
export function writeFunctions(functions: readonly KernelFunction[]): Uint8Array {
  const modules = [...new Set(functions.flatMap((one) => one.module ?? []))].sort(compare);
  const sorted = [...functions].sort(
    (a, b) => compare(a.name, b.name) || compare(a.module ?? '', b.module ?? ''),
  );
  const unique = sorted.filter(
    (one, index) => one.name !== sorted[index - 1]?.name || one.module !== sorted[index - 1]?.module,
  );
  const out = new Bytes();
  out.number(modules.length);
  for (const module of modules) out.text(module);
  out.number(unique.length);
  let before = '';
  for (const { name, module } of unique) {
    const shared = sharedLength(before, name);
    out.number(shared);
    out.text(name.slice(shared));
    out.number(module === undefined ? 0 : modules.indexOf(module) + 1);
    before = name;
  }
  return out.finish();
}

function sharedLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

/** No kernel has longer names. */
const MAX_NAME = 1024;

/**
 * The modules of the functions of one name, `undefined` for the kernel itself: found without making texts of the others,
 * and without a look at those behind it. Of an entry it is enough to know how much of it the wanted name begins with.
 * @throws FormatError
 */
export function findFunction(part: SnapshotPart, name: string): readonly (string | undefined)[] {
  const wanted = new TextEncoder().encode(name);
  const reader = new BytesReader(part.bytes, 'snapshot', part.offset);
  const modules = readModules(reader);
  const count = reader.number('the number of functions');
  const found: (string | undefined)[] = [];
  const { bytes } = part;
  /** Bytes that the entry before and the wanted name begin with, and the length of that entry. */
  let [common, length] = [0, 0];
  for (let index = 0; index < count; index++) {
    const shared = reader.number('the length of a name');
    if (shared > length) reader.fail(`a name goes on from ${shared} of ${length} characters`);
    const rest = reader.number('the rest of a name');
    const start = reader.position - shared;
    reader.skip(rest, 'the rest of a name');
    length = shared + rest;
    const module = reader.number('the module of a function');
    if (module > modules.length) reader.fail(`there is no module ${module}`);
    // What shares more with the entry before than the wanted name does differs from that in the same place.
    if (shared > common) continue;
    common = shared;
    while (common < length && common < wanted.length && bytes[start + common] === wanted[common]) common++;
    if (common === length) {
      if (common === wanted.length) found.push(modules[module - 1]);
    } else if (common === wanted.length || bytes[start + common]! > wanted[common]!) break;
  }
  return found;
}

function readModules(reader: BytesReader): readonly string[] {
  const count = reader.number('the number of modules');
  const modules: string[] = [];
  for (let index = 0; index < count; index++) modules.push(reader.sizedText('the name of a module'));
  return modules;
}

/** Ordered by name, then module. @throws FormatError */
export function readFunctions(part: SnapshotPart): readonly KernelFunction[] {
  const reader = new BytesReader(part.bytes, 'snapshot', part.offset);
  const modules = readModules(reader);
  const count = reader.number('the number of functions');
  const functions: KernelFunction[] = [];
  let name = '';
  for (let index = 0; index < count; index++) {
    const shared = reader.number('the length of a name');
    if (shared > name.length) reader.fail(`a name goes on from ${shared} characters of '${name}'`);
    name = name.slice(0, shared) + reader.sizedText('the rest of a name');
    if (name.length > MAX_NAME) reader.fail('a name is too long');
    const number = reader.number('the module of a function');
    const module = modules[number - 1];
    if (number > 0 && module === undefined) reader.fail(`there is no module ${number}`);
    functions.push(module === undefined ? { name } : { name, module });
  }
  return functions;
}
