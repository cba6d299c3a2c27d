/** The kernel function that a call names: its types, its flags, and whether this program may call it (`fetch_kfunc_meta`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { findKfunc as findFacts, type Kfunc as KfuncFacts, mayCallKfunc } from '../../bpf/kfuncs/index.ts';
import type { Environment } from '../environment.ts';
import { kfuncNeedsDevice, kfuncNotAllowed } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { findKfunc } from '../structure/kfunc-calls.ts';
import { type KfuncParameter, kfuncParameters } from './kfunc-parameter.ts';

export interface KfuncTarget {
  readonly name: string;
  readonly btf: Btf;
  /** The `func`. */
  readonly type: TypeId;
  readonly prototype: BtfPrototype;
  readonly facts: KfuncFacts;
}

/** A target with its parameters, made once for each function that a program calls. */
export interface PreparedKfunc extends KfuncTarget {
  readonly parameters: readonly KfuncParameter[];
  readonly sleepable: boolean;
  readonly release: boolean;
  readonly acquire: boolean;
  /** Its pointers must be trusted (`is_kfunc_trusted_args`). */
  readonly trusted: boolean;
  readonly rcu: boolean;
  readonly rcuProtected: boolean;
  readonly iteratorNew: boolean;
  readonly iteratorNext: boolean;
  readonly iteratorDestroy: boolean;
  readonly retNull: boolean;
}

/** The function called at the slot that is walked; null: the call is of nothing. @throws Rejection */
export function kfuncAt(env: Environment): PreparedKfunc | null {
  const { slot } = env;
  const known = env.kfuncs.get(slot);
  if (known !== undefined) return known;
  const found = findKfunc(env, slot);
  if (found === undefined) return null;
  const facts = findFacts(found.name);
  if (facts === undefined) throw unknownFunction(found.btf, found.type, found.name);
  if (facts.set.filter === 'device') throw kfuncNeedsDevice({});
  const caller = { type: env.type.name, attachType: env.input.attachType };
  if (!mayCallKfunc(facts, caller, env.release)) throw kfuncNotAllowed({ name: found.name });
  const prepared = prepare(env, { ...found, facts });
  env.kfuncs.set(slot, prepared);
  return prepared;
}

function prepare(env: Environment, target: KfuncTarget): PreparedKfunc {
  const { flags } = target.facts;
  const release = flags.has('release');
  return {
    ...target,
    parameters: kfuncParameters(env, target),
    sleepable: flags.has('sleepable'),
    release,
    acquire: flags.has('acquire'),
    // From 7.0 on all are.
    trusted: flags.has('trusted_args') || release || (env.atLeast('7.0') && !flags.has('rcu')),
    rcu: flags.has('rcu'),
    rcuProtected: flags.has('rcu_protected'),
    iteratorNew: flags.has('iter_new'),
    iteratorNext: flags.has('iter_next'),
    iteratorDestroy: flags.has('iter_destroy'),
    retNull: flags.has('ret_null'),
  };
}

/** A function that programs may call has a tag saying so; one that our table lacks cannot be judged. */
function unknownFunction(btf: Btf, type: TypeId, name: string) {
  let tagsKnown = false;
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'decl_tag' || btf.nameOf(id) !== 'bpf_kfunc') continue;
    tagsKnown = true;
    const tag = btf.type(id);
    if (tag.kind === 'decl_tag' && tag.type === type) return unsupported(`the kernel function ${name}`);
  }
  return tagsKnown ? kfuncNotAllowed({ name }) : unsupported(`the kernel function ${name}`);
}
