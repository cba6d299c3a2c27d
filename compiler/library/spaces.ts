/** kptr and uptr: which memory an address leads to, where its probe does not tell. */
import { argumentType } from '../diagnostics/messages.gen.ts';
import { scalar } from '../lower/expressions.ts';
import { inSpace } from '../types/from-btf.ts';
import { NONE, pointer } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { PointerType } from '../types/type.ts';
import type { LibraryEntry } from './entry.ts';

function spaceEntry(name: 'kptr' | 'uptr', space: PointerType['space'], doc: string): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}(pointer)`,
    doc,
    arguments: { min: 1, max: 1 },
    check: ({ args: [argument] }, checker) => {
      const type = checker.valueType(argument!);
      if (type === undefined) return undefined;
      if (type.kind === 'pointer') return inSpace(type, space);
      if (type.kind === 'integer') return pointer(NONE, space);
      checker.report(argumentType(argument!.span, { name, wanted: 'pointer', found: typeName(type) }));
      return undefined;
    },
    scalar: ({ args: [argument] }, low) => scalar(low, argument!),
  };
}

export const SPACE_ENTRIES: readonly LibraryEntry[] = [
  spaceEntry('kptr', 'kernel', 'The same address as a pointer to kernel memory.'),
  spaceEntry('uptr', 'user', 'The same address as a pointer to memory of the traced program.'),
];
