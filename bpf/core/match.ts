/** Finds a local access again in a candidate type of the target (libbpf `bpf_core_spec_match`). */
import { resolveType, skipTypedefs } from '../btf/layout.ts';
import { type BtfMember, isComposite, isEnum, type TypeId } from '../btf/type.ts';
import { fieldsAreCompatible, type Tables, typesAreCompatible } from './compat.ts';
import { CoreError } from './error.ts';
import { typesMatch } from './match-types.ts';
import { essentialName } from './name.ts';
import { addBits, type CoreAccessor, type CoreSpec, isFlexible, MAX_STEPS, subjectOf } from './spec.ts';
import { sizeOrThrow } from './types.ts';

export type Match =
  | { readonly kind: 'match'; readonly spec: CoreSpec }
  /** `absent`: nothing of the name; `incompatible`: of the name but another sort of type. */
  | { readonly kind: 'absent' | 'incompatible' };

/** @throws CoreError when the candidate cannot be compared; libbpf gives up then, too */
export function matchSpec(tables: Tables, local: CoreSpec, candidate: TypeId): Match {
  switch (subjectOf(local.kind)) {
    case 'type': {
      const fits = local.kind === 'type_matches' ? typesMatch : typesAreCompatible;
      if (!fits(tables, local.root, candidate)) return { kind: 'incompatible' };
      return {
        kind: 'match',
        spec: {
          kind: local.kind,
          btf: tables.target,
          root: candidate,
          accessors: [],
          steps: [],
          bitOffset: 0,
        },
      };
    }
    case 'enumval':
      return matchEnumerator(tables, local, candidate);
    case 'field':
      return matchField(tables, local, candidate);
  }
}

function matchEnumerator({ target, work }: Tables, local: CoreSpec, root: TypeId): Match {
  const id = skipTypedefs(target, root);
  const type = target.type(id);
  if (!isEnum(type)) return { kind: 'incompatible' };
  const wanted = essentialName(local.accessors[0]!.name!);
  const index = type.values.findIndex(({ name }) => {
    work.step();
    return essentialName(name) === wanted;
  });
  if (index < 0) return { kind: 'absent' };
  const accessors = [{ type: id, index, name: type.values[index]!.name }];
  return {
    kind: 'match',
    spec: { kind: local.kind, btf: target, root, accessors, steps: [index], bitOffset: 0 },
  };
}

function matchField(tables: Tables, local: CoreSpec, root: TypeId): Match {
  const { target } = tables;
  const accessors: CoreAccessor[] = [];
  const steps: number[] = [];
  let id = root;
  let bitOffset = 0;
  for (const [at, accessor] of local.accessors.entries()) {
    id = skipTypedefs(target, id);
    if (accessor.name !== undefined) {
      const found = new MemberSearch(tables, memberOf(tables, accessor)).find(id, steps.length);
      if (typeof found === 'string') return { kind: found };
      accessors.push(found.accessor);
      steps.push(...found.steps);
      bitOffset = addBits(bitOffset, found.bitOffset);
      id = found.type;
      continue;
    }
    if (at > 0) {
      const type = target.type(id);
      if (type.kind !== 'array') return { kind: 'incompatible' };
      if (accessor.index >= type.count && !isFlexible(target, accessors.at(-1), type))
        return { kind: 'absent' };
      id = skipTypedefs(target, type.element);
    }
    if (steps.length === MAX_STEPS) throw tooManySteps();
    accessors.push({ type: id, index: accessor.index });
    steps.push(accessor.index);
    bitOffset = addBits(bitOffset, accessor.index * sizeOrThrow(target, id) * 8);
  }
  return { kind: 'match', spec: { kind: local.kind, btf: target, root, accessors, steps, bitOffset } };
}

interface FoundMember {
  readonly accessor: CoreAccessor;
  /** Member indexes, through anonymous aggregates. */
  readonly steps: readonly number[];
  /** From the start of the aggregate that was searched. */
  readonly bitOffset: number;
  readonly type: TypeId;
}

/** By name, through anonymous structs and unions (libbpf `bpf_core_match_member`). */
class MemberSearch {
  readonly #tables: Tables;
  readonly #wanted: BtfMember;
  /** Anonymous types that have not got it; one may stand in a struct many times. */
  readonly #without = new Set<TypeId>();

  constructor(tables: Tables, wanted: BtfMember) {
    this.#tables = tables;
    this.#wanted = wanted;
  }

  find(aggregate: TypeId, depth: number): FoundMember | 'absent' | 'incompatible' {
    const { target, work } = this.#tables;
    const id = skipTypedefs(target, aggregate);
    const type = target.type(id);
    if (!isComposite(type)) return 'incompatible';
    let failure: 'absent' | 'incompatible' = 'absent';
    for (const [index, member] of type.members.entries()) {
      work.step();
      if (depth === MAX_STEPS) throw tooManySteps();
      if (member.name === this.#wanted.name) return this.#compatible(id, index, member);
      if (member.name !== '' || !isComposite(resolveType(target, member.type))) continue;
      if (this.#without.has(member.type)) continue;
      const inner = this.find(member.type, depth + 1);
      if (typeof inner !== 'string') {
        const bitOffset = addBits(member.bitOffset, inner.bitOffset);
        return { ...inner, steps: [index, ...inner.steps], bitOffset };
      }
      this.#without.add(member.type);
      if (inner === 'incompatible') failure = inner;
    }
    return failure;
  }

  #compatible(type: TypeId, index: number, member: BtfMember): FoundMember | 'incompatible' {
    if (!fieldsAreCompatible(this.#tables, this.#wanted.type, member.type)) return 'incompatible';
    return {
      accessor: { type, index, name: member.name },
      steps: [index],
      bitOffset: member.bitOffset,
      type: member.type,
    };
  }
}

function memberOf({ local }: Tables, accessor: CoreAccessor): BtfMember {
  const type = local.type(accessor.type);
  const member = isComposite(type) ? type.members[accessor.index] : undefined;
  if (member === undefined) throw new CoreError(`type [${accessor.type}] has no member ${accessor.index}`);
  return member;
}

function tooManySteps(): CoreError {
  return new CoreError(`a candidate is nested deeper than ${MAX_STEPS} steps`);
}
