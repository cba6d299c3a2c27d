/**
 * Would the kernel load these types (BPF_BTF_LOAD)? The rules of its `btf_check_all_types` that an open table may still
 * break: names, what may refer to what, where members lie. Linux 6.18's; older kernels ask for more.
 */
import type { Btf } from './btf.ts';
import { isIdentifier, isSectionName } from './names.ts';
import type {
  BtfComposite,
  BtfDataSection,
  BtfEnum,
  BtfFunction,
  BtfKind,
  BtfPrototype,
  BtfType,
  TypeId,
} from './type.ts';
import { memberProblem } from './verify-member.ts';
import { resolutionProblem, sizeForKernel } from './verify-resolve.ts';

/** Why the kernel would refuse a type. */
export interface BtfProblem {
  readonly type: TypeId;
  readonly message: string;
}

/** A hostile table has a problem in every type: no more than so many are told. */
const MOST = 100;

/** Problems of the table's own types, the first {@link MOST}; none: the kernel loads it. */
export function verifyBtf(btf: Btf): readonly BtfProblem[] {
  const problems: BtfProblem[] = [];
  if (btf.end === 1) return [{ type: 0, message: 'there are no types' }];
  const nameless = new NamelessParameters(btf);
  for (let id = btf.firstId; id < btf.end && problems.length < MOST; id++) {
    const type = btf.type(id);
    const message = nameProblem(type) ?? contentProblem(btf, type, nameless) ?? resolutionProblem(btf, id);
    if (message !== undefined) problems.push({ type: id, message });
  }
  return problems;
}

/** Kinds whose name is an identifier, or may be left out. */
const NAMED: Readonly<Partial<Record<BtfKind, 'must' | 'may'>>> = {
  typedef: 'must',
  fwd: 'must',
  func: 'must',
  var: 'must',
  struct: 'may',
  union: 'may',
  enum: 'may',
  enum64: 'may',
};

function nameProblem(type: BtfType): string | undefined {
  if (!('name' in type)) return undefined;
  const { name, kind } = type;
  if (kind === 'datasec') return isSectionName(name) ? undefined : `'${name}' is no name of a section`;
  if (kind === 'type_tag' || kind === 'decl_tag') return name === '' ? 'the tag is empty' : undefined;
  const rule = NAMED[kind];
  if (rule === undefined || (rule === 'may' && name === '')) return undefined;
  return isIdentifier(name) ? undefined : `'${name}' is no name`;
}

function contentProblem(btf: Btf, type: BtfType, nameless: NamelessParameters): string | undefined {
  switch (type.kind) {
    case 'int':
      return type.signed && type.encoding !== 'plain' ? `a signed ${type.encoding}` : undefined;
    case 'float':
      return [2, 4, 8, 12, 16].includes(type.size) ? undefined : `a float of ${type.size} bytes`;
    case 'struct':
    case 'union':
      return compositeProblem(btf, type);
    case 'enum':
    case 'enum64':
      return enumProblem(type);
    case 'func':
      return functionProblem(type, nameless);
    case 'func_proto':
      return prototypeProblem(btf, type);
    case 'var':
      if (type.linkage === 'extern') return 'an extern variable: libbpf resolves those before';
      return type.type === 0 || sizeForKernel(btf, type.type) === undefined ? noSize(type.type) : undefined;
    case 'datasec':
      return dataSectionProblem(btf, type);
    case 'decl_tag':
      return declTagProblem(btf, type.type, type.component);
    default:
      return undefined;
  }
}

function noSize(id: TypeId): string {
  return `type ${id} has no size`;
}

function compositeProblem(btf: Btf, type: BtfComposite): string | undefined {
  const hasBitfields = type.members.some(({ bitSize }) => bitSize !== 0);
  let last = 0;
  for (const [index, member] of type.members.entries()) {
    const { name, bitOffset } = member;
    const place = `member ${index} (${name})`;
    if (name !== '' && !isIdentifier(name)) return `${place}: '${name}' is no name`;
    if (member.type === 0) return `${place} is void`;
    if (type.kind === 'union' && bitOffset !== 0) return `${place} is at bit ${bitOffset} of a union`;
    if (bitOffset < last) return `${place} is at bit ${bitOffset}, before the one before it`;
    if (Math.ceil(bitOffset / 8) > type.size) return `${place} is at bit ${bitOffset} of ${type.size} bytes`;
    last = bitOffset;
    const problem = memberProblem(btf, type, member, hasBitfields);
    if (problem !== undefined) return `${place} ${problem}`;
  }
  return undefined;
}

function enumProblem({ size, values }: BtfEnum): string | undefined {
  if (size === 0) return 'an enum of 0 bytes: it is only declared';
  const wrong = values.find(({ name }) => !isIdentifier(name));
  return wrong === undefined ? undefined : `'${wrong.name}' is no name of a value`;
}

function functionProblem({ type, linkage }: BtfFunction, nameless: NamelessParameters): string | undefined {
  if (linkage === 'extern') return 'an extern function: libbpf resolves those before';
  const first = nameless.firstOf(type);
  if (first === undefined) return `type ${type} is no prototype`;
  return first < 0 ? undefined : `parameter ${first} has no name`;
}

/** Parameters without a name, which only prototypes of functions must not have. Many functions may be of one. */
class NamelessParameters {
  readonly #btf: Btf;
  readonly #known: Map<TypeId, number> = new Map();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  /** Its index, -1 when all have names; undefined when the type is no prototype. */
  firstOf(id: TypeId): number | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const type = this.#btf.type(id);
    if (type.kind !== 'func_proto') return undefined;
    const first = type.parameters.findIndex(({ name, type: of }) => name === '' && of !== 0);
    this.#known.set(id, first);
    return first;
  }
}

function prototypeProblem(btf: Btf, { returns, parameters }: BtfPrototype): string | undefined {
  if (returns !== 0 && sizeForKernel(btf, returns) === undefined)
    return `it returns type ${returns}, which has no size`;
  for (const [index, { name, type }] of parameters.entries()) {
    const isLast = index === parameters.length - 1;
    if (isLast && type === 0) return name === '' ? undefined : `parameter ${index} (${name}) is void`;
    if (name !== '' && !isIdentifier(name)) return `parameter ${index}: '${name}' is no name`;
    if (type === 0 || sizeForKernel(btf, type) === undefined)
      return `parameter ${index} (${name}): ${noSize(type)}`;
  }
  return undefined;
}

function dataSectionProblem(btf: Btf, { size, variables }: BtfDataSection): string | undefined {
  if (size === 0) return 'a section of no size';
  let end = 0;
  let sum = 0;
  for (const variable of variables) {
    const target = btf.type(variable.type);
    if (target.kind !== 'var') return `type ${variable.type} is no variable`;
    const place = `${target.name} at ${variable.offset}`;
    if (variable.offset < end || variable.offset >= size)
      return `${place} is before its time or beyond the end`;
    if (variable.size === 0 || variable.size > size)
      return `${place} takes ${variable.size} of ${size} bytes`;
    end = variable.offset + variable.size;
    if (end > size) return `${place} ends at ${end} of ${size} bytes`;
    sum += variable.size;
    const needed = sizeForKernel(btf, target.type);
    if (needed === undefined) return `${place}: ${noSize(target.type)}`;
    if (variable.size < needed) return `${place} takes ${variable.size} bytes of ${needed}`;
  }
  return size < sum ? `variables take ${sum} of ${size} bytes` : undefined;
}

function declTagProblem(btf: Btf, target: TypeId, component: number): string | undefined {
  const type = btf.type(target);
  const components = componentsOf(btf, type);
  if (components === undefined) return `type ${target} is of kind ${type.kind}, which no tag is for`;
  if (component >= components) return `component ${component} of ${components}`;
  return undefined;
}

function componentsOf(btf: Btf, type: BtfType): number | undefined {
  switch (type.kind) {
    case 'struct':
    case 'union':
      return type.members.length;
    case 'func': {
      const prototype = btf.type(type.type);
      return prototype.kind === 'func_proto' ? prototype.parameters.length : 0;
    }
    case 'var':
    case 'typedef':
      return 0;
    default:
      return undefined;
  }
}
