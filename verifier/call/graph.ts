/** Lists and trees of objects that a program makes: who owns what is in them, and which lock protects them. */
import { structsMatch, type TypePlace } from '../access/btf-match.ts';
import type { Environment } from '../environment.ts';
import { fieldsOf } from '../field/fields-of.ts';
import {
  FIELD_STRUCTURES,
  type FieldRecord,
  onlyField,
  type SpecialField,
  type SpecialFieldKind,
} from '../field/special-field.ts';
import {
  graphFieldAtVariableOffset,
  graphFieldNotFound,
  graphLockNotHeld,
  graphNodeAtOtherOffset,
  graphNodeOfOtherType,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { Reference } from '../state/reference.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { changeRegisters } from './invalidate.ts';
import type { KfuncCall } from './kfunc-call.ts';
import { releaseReference } from './references.ts';

type RootKind = 'list-head' | 'rb-root';
type NodeKind = 'list-node' | 'rb-node';

const NAMES: ReadonlyMap<SpecialFieldKind, string> = new Map(
  FIELD_STRUCTURES.map(({ kind, name }) => [kind, name]),
);

/** `EINVAL`, what the kernel keeps as the offset of a lock that there is none of. */
const NO_OFFSET = -22;

/** Register `number` points to a list or a tree whose lock is held. @throws Rejection */
export function checkGraphRoot(
  env: Environment,
  register: Register,
  number: number,
  kind: RootKind,
): SpecialField {
  const name = NAMES.get(kind)!;
  const off = constantOffset(register, number, name);
  const record = fieldsOf(env, register);
  const field = fieldOfKind(record, off, kind);
  if (field === undefined) throw graphFieldNotFound({ name, off: off >>> 0 });
  if (!isLocked(env, register)) {
    const lock = onlyField(record, 'spin-lock');
    throw graphLockNotHeld({ off: lock?.offset ?? NO_OFFSET, name });
  }
  return field;
}

function constantOffset(register: Register, number: number, name: string): number {
  if (!register.scalar.isConstant) throw graphFieldAtVariableOffset({ register: number, name });
  return register.off + (register.scalar.constantNumber ?? 0);
}

function fieldOfKind(record: FieldRecord, off: number, kind: SpecialFieldKind): SpecialField | undefined {
  return record.fields.find((field) => field.offset === off && field.kind === kind);
}

/** `check_reg_allocation_locked` */
function isLocked(env: Environment, register: Register): boolean {
  const { state } = env;
  if (state.activeLocks === 0) return false;
  const { detail } = register;
  const owner = detail?.kind === 'map' ? detail.map : detail?.kind === 'btf' ? detail.btf : null;
  const held = state.references.some((one) => isLock(one) && one.id === register.id && one.object === owner);
  if (!held) env.remark('held lock and object are not in the same allocation');
  return held;
}

function isLock({ kind }: Reference): boolean {
  return kind !== 'pointer' && kind !== 'irq';
}

/** Register `number` points to the node of an object that belongs into the list or tree passed before. @throws Rejection */
export function checkGraphNode(
  env: Environment,
  call: KfuncCall,
  register: Register,
  number: number,
  kind: NodeKind,
): TypePlace {
  const name = NAMES.get(kind)!;
  const off = constantOffset(register, number, name);
  if (fieldOfKind(fieldsOf(env, register), off, kind) === undefined) {
    throw graphFieldNotFound({ name, off: off >>> 0 });
  }
  const { detail } = register;
  const contains = call.root?.contains;
  if (detail?.kind !== 'btf' || contains === undefined) throw unsupported('a node of no list');
  const wanted = contains.btf.nameOf(contains.type);
  if (!structsMatch(env, detail, 0, contains, true)) {
    throw graphNodeOfOtherType({
      root: NAMES.get(call.root!.kind)!,
      node: name,
      at: contains.nodeOffset,
      wanted,
      off,
      type: detail.btf.nameOf(detail.type),
    });
  }
  if (off !== contains.nodeOffset) {
    throw graphNodeAtOtherOffset({ off, node: name, at: contains.nodeOffset, wanted });
  }
  return detail;
}

/** The node of an object in a list or a tree (`mark_reg_graph_node`). */
export function graphNode(root: SpecialField): Register {
  const { contains } = root;
  if (contains === undefined) throw unsupported('a list of nothing');
  const { btf, type, nodeOffset } = contains;
  return Register.pointer(Kind.btfId, Flag.alloc, { kind: 'btf', btf, type }).withOff(nodeOffset);
}

/** It is somebody else's: good while the lock is held (`ref_set_non_owning`). */
export function nonOwning(env: Environment, register: Register): Register {
  const counted = onlyField(fieldsOf(env, register), 'refcount') !== undefined;
  return register.withFlags(register.flags | Flag.nonOwning | (counted ? Flag.rcu : 0));
}

/** The object goes into a list or a tree: who points to it still may, without owning it. */
export function handOver(env: Environment, ref: number): void {
  changeRegisters(env, (register) => (register.ref === ref ? nonOwning(env, register.withRef(0)) : register));
  releaseReference(env, ref);
}

/** A comparison function of a tree gets two nodes of it (`set_rbtree_add_callback_state`). */
export function treeOrderArgument(env: Environment, root: SpecialField): Register {
  return nonOwning(env, graphNode(root));
}
