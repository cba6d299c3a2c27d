/**
 * Types of what the kernel provides: libbpf finds the declaration of each extern in the sections `.kconfig` and `.ksyms`
 * of BTF. Objects read from files have them; what is missing is added.
 */
import type { BtfBuilder } from '../../btf/builder.ts';
import { dataSectionOf } from '../../btf/data-section.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import type { BpfObject, Extern } from '../../object.ts';

export function addExternTypes(object: BpfObject, builder: BtfBuilder): void {
  for (const section of ['.kconfig', '.ksyms'] as const) {
    const wanted = (object.externs ?? []).filter(
      (one) => (one.kind === 'kconfig') === (section === '.kconfig'),
    );
    if (object.btf !== undefined && wanted.length > 0) addSection(object, section, wanted, builder);
  }
}

function addSection({ btf }: BpfObject, name: string, wanted: readonly Extern[], builder: BtfBuilder): void {
  const id = btf!.find(name, 'datasec');
  const known = dataSectionOf(btf!, name)?.variables ?? [];
  const names = new Set(known.map(({ type }) => btf!.nameOf(type)));
  const missing = wanted.filter((one) => !names.has(one.name));
  if (missing.length === 0) return;
  const variables = missing.map((one) => ({
    type: declaration(one, builder),
    offset: 0,
    size: one.kind === 'kconfig' ? one.size : 0,
  }));
  const section: BtfDataSection = { kind: 'datasec', name, size: 0, variables: [...known, ...variables] };
  if (id === undefined) builder.add(section);
  else builder.replace(id, section);
}

/** A kernel function without a type cannot be declared: it stays `extern void name(void)`. */
function declaration(one: Extern, builder: BtfBuilder): TypeId {
  if (one.kind === 'kfunc') {
    if (one.type !== undefined && builder.type(one.type)?.kind === 'func') return one.type;
    return builder.addFunction(one.name, one.type ?? builder.addPrototype(0, []), 'extern');
  }
  return builder.addVariable(one.name, one.type ?? builder.addConst(0), 'extern');
}
