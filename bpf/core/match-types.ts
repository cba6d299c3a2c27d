/**
 * `bpf_core_type_matches`: the strict relation (libbpf `bpf_core_types_match`). Everything the local type has must be in
 * the target's under the same name and of the same shape; the target may have more. Behind a pointer only kinds and
 * names count, and a forward declaration is as good as the definition.
 */
import { resolveType } from '../btf/layout.ts';
import {
  type BtfComposite,
  type BtfEnum,
  type BtfForward,
  type BtfType,
  isEnum,
  type TypeId,
} from '../btf/type.ts';
import { MAX_CHAIN, type Tables, tooDeep } from './compat.ts';
import { essentialName } from './name.ts';
import { nameOfType } from './types.ts';

/** Types whose root names the caller has compared. @throws CoreError */
export function typesMatch(tables: Tables, localId: TypeId, targetId: TypeId): boolean {
  return matches(tables, localId, targetId, false, MAX_CHAIN);
}

function matches(
  tables: Tables,
  localId: TypeId,
  targetId: TypeId,
  pointed: boolean,
  level: number,
): boolean {
  if (level <= 0) throw tooDeep();
  let local = localId;
  let target = targetId;
  let behindPointer = pointed;
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    tables.work.step();
    const ours = resolveType(tables.local, local);
    const theirs = resolveType(tables.target, target);
    if (!sameName(nameOfType(ours), nameOfType(theirs))) return false;
    switch (ours.kind) {
      case 'void':
        return theirs.kind === 'void';
      case 'fwd':
        return forwardMatches(ours, theirs, behindPointer);
      case 'enum':
      case 'enum64':
        return isEnum(theirs) && enumMatches(tables, ours, theirs);
      case 'struct':
      case 'union':
        if (behindPointer) return kindMatches(ours, theirs);
        return ours.kind === theirs.kind && membersMatch(tables, ours, theirs, level);
      case 'int':
        return theirs.kind === 'int' && ours.size === theirs.size && ours.signed === theirs.signed;
      case 'ptr':
        if (theirs.kind !== 'ptr') return false;
        behindPointer = true;
        local = ours.type;
        target = theirs.type;
        break;
      case 'array':
        if (theirs.kind !== 'array' || ours.count !== theirs.count) return false;
        local = ours.element;
        target = theirs.element;
        break;
      case 'func_proto': {
        if (theirs.kind !== 'func_proto' || ours.parameters.length !== theirs.parameters.length) return false;
        for (const [at, parameter] of ours.parameters.entries()) {
          if (!matches(tables, parameter.type, theirs.parameters[at]!.type, behindPointer, level - 1))
            return false;
        }
        local = ours.returns;
        target = theirs.returns;
        break;
      }
      default:
        return false;
    }
  }
  throw tooDeep();
}

function forwardMatches(ours: BtfForward, theirs: BtfType, behindPointer: boolean): boolean {
  if (theirs.kind === 'fwd') return ours.of === theirs.of;
  return behindPointer && theirs.kind === ours.of;
}

function kindMatches(ours: BtfComposite, theirs: BtfType): boolean {
  if (theirs.kind === 'fwd') return theirs.of === ours.kind;
  return theirs.kind === ours.kind;
}

/** Sizes and names; values may differ, that is what relocations of them are for. */
function enumMatches(tables: Tables, ours: BtfEnum, theirs: BtfEnum): boolean {
  if (ours.size !== theirs.size || ours.values.length > theirs.values.length) return false;
  const names = new Set<string>();
  for (const { name } of theirs.values) {
    tables.work.step();
    names.add(essentialName(name));
  }
  return ours.values.every(({ name }) => names.has(essentialName(name)));
}

function membersMatch(tables: Tables, ours: BtfComposite, theirs: BtfComposite, level: number): boolean {
  if (ours.members.length > theirs.members.length) return false;
  return ours.members.every((member) =>
    theirs.members.some((other) => {
      tables.work.step();
      return sameName(member.name, other.name) && matches(tables, member.type, other.type, false, level - 1);
    }),
  );
}

function sameName(local: string, target: string): boolean {
  return local === target || essentialName(local) === essentialName(target);
}
