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

/** Ordered by name, then module. @throws FormatError */
export function readFunctions(part: SnapshotPart): readonly KernelFunction[] {
  const reader = new BytesReader(part.bytes, 'snapshot', part.offset);
  const moduleCount = reader.number('the number of modules');
  const modules: string[] = [];
  for (let index = 0; index < moduleCount; index++) modules.push(reader.sizedText('the name of a module'));
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
