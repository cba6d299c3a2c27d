/** How `bpf_snprintf_btf` calls a type before a value (kernel/bpf/btf.c `btf_show_name`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { BtfType, TypeId } from '../../bpf/btf/type.ts';

export interface TypeLabel {
  /** `struct sk_buff *`, without the brackets around it. */
  readonly text: string;
  /** What opens the value: `{`, `[` or nothing. */
  readonly bracket: string;
}

/** Pointers, arrays and names it goes through. */
const MOST_STEPS = 10;
const PREFIXES: Partial<Readonly<Record<BtfType['kind'], string>>> = {
  struct: 'struct',
  union: 'union',
  enum: 'enum',
  enum64: 'enum',
};
const QUALIFIERS: ReadonlySet<BtfType['kind']> = new Set(['const', 'volatile', 'restrict', 'type_tag']);

/** Undefined for what is nested too deeply. */
export function typeLabel(btf: Btf, id: TypeId): TypeLabel | undefined {
  let type = btf.type(id);
  let alias: string | undefined;
  let pointers = 0;
  let arrays = 0;
  let steps = 0;
  for (; steps < MOST_STEPS; steps++) {
    const next = below(type);
    if (next === 0) break;
    if (type.kind === 'typedef') alias ??= type.name;
    if (type.kind === 'ptr') pointers++;
    if (type.kind === 'array') arrays++;
    type = unqualified(btf, next);
  }
  if (steps === MOST_STEPS) return undefined;
  // A pointer to nothing known is one, too.
  if (type.kind === 'ptr') pointers++;
  const isComposite = type.kind === 'struct' || type.kind === 'union';
  const prefix = alias === undefined ? (PREFIXES[type.kind] ?? '') : '';
  const name = alias ?? ('name' in type ? type.name : '');
  const space = prefix !== '' && name !== '' ? ' ' : '';
  const stars = pointers > 0 ? ` ${'*'.repeat(pointers)}` : '';
  const bracket = pointers > 0 ? '' : arrays > 0 ? '[' : isComposite ? '{' : '';
  return { text: `${prefix}${space}${name}${stars}${'[]'.repeat(arrays)}`, bracket };
}

/** What the name goes on with; 0 when it ends here. */
function below(type: BtfType): TypeId {
  switch (type.kind) {
    case 'typedef':
    case 'ptr':
      return type.type;
    case 'array':
      return type.element;
    default:
      return 0;
  }
}

function unqualified(btf: Btf, id: TypeId): BtfType {
  let type = btf.type(id);
  while (QUALIFIERS.has(type.kind) && 'type' in type) type = btf.type(type.type);
  return type;
}
