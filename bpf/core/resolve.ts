/**
 * One relocation against a target: of all candidates those that match must agree on the value
 * (libbpf `bpf_core_calc_relo_insn`).
 */
import type { Btf } from '../btf/btf.ts';
import type { TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import { type Match, matchSpec } from './match.ts';
import type { CoreRelocation } from './relocation.ts';
import { type CoreSpec, MAX_ACCESS, parseAccess, pathText, subjectOf, subjectText } from './spec.ts';
import type { CoreCandidate, CoreTarget } from './target.ts';
import { describeType, nameOfType } from './types.ts';
import { type CoreValue, coreValue } from './value.ts';
import { Work } from './work.ts';

export interface Resolution {
  readonly local: CoreSpec;
  readonly localValue: CoreValue;
  /** Absent when nothing in the target matches. */
  readonly target?: CoreSpec;
  readonly module?: string;
  /** Absent when the instruction must not run. */
  readonly value?: CoreValue;
  /** Why nothing matches: `struct x has no y`. */
  readonly missing?: string;
}

/** Resolves the relocations of one object; what matched once narrows what later relocations of the type may match. */
export class Resolver {
  readonly #btf: Btf;
  readonly #target: CoreTarget;
  readonly #candidates = new Map<TypeId, readonly CoreCandidate[]>();
  /** By kind, type and access: objects ask the same again and again. */
  readonly #resolved = new Map<string, Resolution>();
  readonly #work = new Work();

  constructor(btf: Btf, target: CoreTarget) {
    this.#btf = btf;
    this.#target = target;
  }

  /** @throws CoreError, RangeError when the relocation or the types make no sense, or candidates disagree */
  resolve(relocation: CoreRelocation): Resolution {
    const { kind, type, access } = relocation;
    // What is long makes no sense, and is no key to remember it by.
    const key = `${kind} ${type} ${access.slice(0, MAX_ACCESS + 1)}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const resolution = this.#resolve(relocation);
    this.#resolved.set(key, resolution);
    return resolution;
  }

  #resolve(relocation: CoreRelocation): Resolution {
    const local = parseAccess(this.#btf, relocation);
    if (relocation.kind === 'type_id_local') {
      // Linking may have renumbered types under the instruction: what it holds is not checked.
      const value: CoreValue = { value: BigInt(local.root), checked: false };
      return { local, localValue: value, value };
    }
    const localValue = coreValue(relocation.kind, local);
    if (localValue === undefined) throw new CoreError('it has no value in its own types');
    if (nameOfType(this.#btf.type(relocation.type)) === '') {
      throw new CoreError(
        `${describeType(this.#btf, relocation.type)} has no name to find it by in a kernel`,
      );
    }
    const candidates = this.#candidatesOf(relocation.type);
    const matched = this.#matching(local, candidates);
    if (matched.length > 0) {
      this.#candidates.set(
        relocation.type,
        matched.map((one) => one.candidate),
      );
    }
    const first = matched[0];
    if (first === undefined) return this.#unmatched(local, localValue, candidates);
    const { spec, value, candidate } = first;
    return {
      local,
      localValue,
      target: spec,
      ...(candidate.module === undefined ? {} : { module: candidate.module }),
      value,
    };
  }

  #candidatesOf(id: TypeId): readonly CoreCandidate[] {
    const known = this.#candidates.get(id);
    if (known !== undefined) return known;
    const found = this.#target.candidates(this.#btf.kindOf(id), this.#btf.nameOf(id));
    this.#candidates.set(id, found);
    return found;
  }

  #matching(local: CoreSpec, candidates: readonly CoreCandidate[]): readonly Matched[] {
    const matched: Matched[] = [];
    for (const candidate of candidates) {
      const match = this.#match(local, candidate);
      if (match.kind !== 'match') continue;
      const value = coreValue(local.kind, match.spec)!;
      const one = { candidate, spec: match.spec, value };
      const first = matched[0] ?? one;
      if (first.spec.bitOffset !== match.spec.bitOffset || first.value.value !== value.value) {
        throw new CoreError(this.#ambiguity(local, first, one));
      }
      matched.push(one);
    }
    return matched;
  }

  #match(local: CoreSpec, candidate: CoreCandidate): Match {
    return matchSpec({ local: this.#btf, target: candidate.btf, work: this.#work }, local, candidate.id);
  }

  #unmatched(local: CoreSpec, localValue: CoreValue, candidates: readonly CoreCandidate[]): Resolution {
    const value = coreValue(local.kind, undefined);
    if (value !== undefined) return { local, localValue, value };
    const incompatible = candidates.some(
      (candidate) => this.#match(local, candidate).kind === 'incompatible',
    );
    return { local, localValue, missing: this.#missing(local, candidates.length > 0, incompatible) };
  }

  #missing(local: CoreSpec, typeFound: boolean, incompatible: boolean): string {
    const { name } = this.#target;
    if (!typeFound) return `${describeType(this.#btf, local.root)} is not in ${name}`;
    return incompatible
      ? `${subjectText(local)} is of another type in ${name}`
      : `${subjectText(local)} is not in ${name}`;
  }

  #ambiguity(local: CoreSpec, first: Matched, second: Matched): string {
    return (
      `${describeType(this.#btf, local.root)} is ambiguous in ${this.#target.name}: ` +
      `${choice(first)}, but ${choice(second)}`
    );
  }
}

interface Matched {
  readonly candidate: CoreCandidate;
  readonly spec: CoreSpec;
  readonly value: CoreValue;
}

function choice({ candidate, spec, value }: Matched): string {
  const where = candidate.module === undefined ? '' : ` of module ${candidate.module}`;
  const type = `type [${candidate.id}]${where} (${describeType(candidate.btf, candidate.id)})`;
  if (subjectOf(spec.kind) !== 'field') return `${type} gives ${value.value}`;
  return `${type} has ${pathText(spec)} at bit ${spec.bitOffset} and gives ${value.value}`;
}
