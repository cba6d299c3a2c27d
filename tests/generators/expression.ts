/**
 * Random well-typed expressions of integers and booleans, with the value each must have: worked out here from the rules
 * (language inventory 2.6), by nothing of the compiler. The same seed gives the same expressions.
 *
 * A leaf is a literal or a cast literal; `leaf` says how each is written, so that the same expression can be made of
 * literals (which fold), of variables and of map elements (which cannot).
 */

export interface IntegerKind {
  readonly signed: boolean;
  /** 64 for results of arithmetic. */
  readonly bits: 8 | 16 | 32 | 64;
  /** A non-negative literal, which takes the sign of the other side. */
  readonly flexible?: boolean;
}

export type Kind = IntegerKind | 'bool';

export interface Leaf {
  readonly kind: Kind;
  /** As the type holds it: negative ones are negative. */
  readonly value: bigint;
  /** Source text: `5`, `(uint16)70`, `true`. */
  readonly text: string;
  /** Among casts a plain literal, which is one however the others are written: it takes their sign. */
  readonly plain?: boolean;
}

export interface Generated {
  readonly kind: Kind;
  readonly value: bigint;
  readonly leaves: readonly Leaf[];
  /** Source text, with `leaf` in place of each leaf in order. */
  readonly write: (leaf: (leaf: Leaf, index: number) => string) => string;
}

/** A small generator of numbers (xorshift32). */
export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761) | 0 || 1;
  }

  /** 0 … below − 1 */
  int(below: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % below;
  }

  of<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }
}

const ARITHMETIC = ['+', '-', '*', '&', '|', '^', '/', '%', '<<', '>>'] as const;
const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='] as const;
const BITS = [8, 16, 32, 64] as const;

/**
 * `typed`: leaves are casts, and plain literals beside them, so that everything wraps in 64 bits as the machine does.
 * Otherwise all are plain literals, whose arithmetic is exact: expressions stay inside int64 then, and divide what has
 * no sign.
 */
export function expression(draw: Draw, depth: number, typed: boolean): Generated {
  for (;;) {
    const made = draw.int(4) === 0 ? condition(draw, depth, typed) : number(draw, depth, typed);
    if (made !== undefined) return made;
  }
}

function number(draw: Draw, depth: number, typed: boolean): Generated | undefined {
  if (depth === 0) return leafOf(integerLeaf(draw, typed));
  switch (draw.int(9)) {
    case 0:
      return leafOf(integerLeaf(draw, typed));
    case 1:
      return negated(draw, number(draw, depth - 1, typed), typed);
    case 2:
      return chosen(draw, depth, typed);
    case 3:
      return typed ? cast(draw, number(draw, depth - 1, typed)) : number(draw, depth - 1, typed);
    default:
      return arithmetic(draw, number(draw, depth - 1, typed), number(draw, depth - 1, typed), typed);
  }
}

function condition(draw: Draw, depth: number, typed: boolean): Generated | undefined {
  if (depth === 0) return leafOf(booleanLeaf(draw));
  const sub = (): Generated | undefined => condition(draw, depth - 1, typed);
  switch (draw.int(6)) {
    case 0:
      return prefixed('!', draw.int(2) === 0 ? sub() : number(draw, depth - 1, typed), 'bool', (value) =>
        BigInt(value === 0n),
      );
    case 1:
      return joined('&&', sub(), sub(), 'bool', (a, b) => BigInt(a !== 0n && b !== 0n));
    case 2:
      return joined('||', sub(), sub(), 'bool', (a, b) => BigInt(a !== 0n || b !== 0n));
    default: {
      const [left, right] = [number(draw, depth - 1, typed), number(draw, depth - 1, typed)];
      if (left === undefined || right === undefined) return undefined;
      return joined(...compared(draw.of(COMPARISONS), left, right));
    }
  }
}

function compared(operator: (typeof COMPARISONS)[number], left: Generated, right: Generated) {
  const signed = comparesSigned(left.kind as IntegerKind, right.kind as IntegerKind);
  const seen = (value: bigint): bigint => (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value));
  const apply = (a: bigint, b: bigint): bigint => BigInt(holds(operator, seen(a), seen(b)));
  return [operator, left, right, 'bool', apply] as const;
}

function holds(operator: (typeof COMPARISONS)[number], a: bigint, b: bigint): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
  }
}

/** Both flexible: signed. One: the other's sign. Signs that differ always meet in a signed type. */
function comparesSigned(left: IntegerKind, right: IntegerKind): boolean {
  if (left.flexible && right.flexible) return true;
  if (left.flexible) return right.signed;
  return right.flexible ? left.signed : left.signed || right.signed;
}

function arithmetic(
  draw: Draw,
  left: Generated | undefined,
  right: Generated | undefined,
  typed: boolean,
): Generated | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (typed && isFlexible(left) && isFlexible(right)) return undefined;
  const operator = draw.of(ARITHMETIC);
  const kind = resultKind(operator, left.kind as IntegerKind, right.kind as IntegerKind);
  const { value } = right;
  if (operator === '<<' || operator === '>>') {
    if (typed && isFlexible(left)) return undefined;
    // A count that is constant and beyond 63 is refused, so that none is drawn.
    const count = integerLeaf(draw, typed, BigInt(draw.int(typed ? 64 : 8)));
    const by = leafOf(count);
    const shifted =
      operator === '<<' ? left.value << count.value : BigInt.asUintN(64, left.value) >> count.value;
    return within(
      joined(operator, left, by, kind, () => shifted),
      typed,
    );
  }
  if ((operator === '/' || operator === '%') && (value === 0n || (!typed && (value < 0n || left.value < 0n))))
    return undefined;
  return within(
    joined(operator, left, right, kind, (a, b) => computed(operator, a, b)),
    typed,
  );
}

function computed(operator: (typeof ARITHMETIC)[number], a: bigint, b: bigint): bigint {
  const [x, y] = [BigInt.asUintN(64, a), BigInt.asUintN(64, b)];
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '/':
      return x / y;
    case '%':
      return x % y;
    default:
      throw new Error(operator);
  }
}

/** int64 when a side is signed or for `-`, else uint64; shifts have the sign of what is shifted. */
function resultKind(operator: string, left: IntegerKind, right: IntegerKind): IntegerKind {
  const flexible = left.flexible === true && right.flexible === true;
  if (operator === '-') return { signed: true, bits: 64 };
  if (operator === '<<' || operator === '>>') return { signed: left.signed, bits: 64 };
  const definite = (kind: IntegerKind): boolean => kind.signed && kind.flexible !== true;
  return { signed: flexible || definite(left) || definite(right), bits: 64 };
}

/** Exact arithmetic that leaves int64 is not drawn; the machine's wraps. */
function within(made: Generated | undefined, typed: boolean): Generated | undefined {
  if (made === undefined) return undefined;
  const { signed } = made.kind as IntegerKind;
  if (typed)
    return { ...made, value: signed ? BigInt.asIntN(64, made.value) : BigInt.asUintN(64, made.value) };
  if (made.value < -(1n << 63n) || made.value >= 1n << 63n) return undefined;
  // What is made of literals is a literal itself.
  return { ...made, kind: { signed: true, bits: 64, ...(made.value >= 0n && { flexible: true }) } };
}

function isFlexible({ kind }: Generated): boolean {
  return kind !== 'bool' && kind.flexible === true;
}

function negated(draw: Draw, operand: Generated | undefined, typed: boolean): Generated | undefined {
  if (operand === undefined || (typed && isFlexible(operand))) return undefined;
  const operator = draw.of(['-', '~'] as const);
  const { signed } = operand.kind as IntegerKind;
  const kind: IntegerKind = { signed: operator === '-' || signed, bits: 64 };
  return within(
    prefixed(operator, operand, kind, (value) => (operator === '-' ? -value : ~value)),
    typed,
  );
}

function cast(draw: Draw, operand: Generated | undefined): Generated | undefined {
  if (operand === undefined) return undefined;
  const kind: IntegerKind = { signed: draw.int(2) === 0, bits: draw.of(BITS) };
  return {
    kind,
    value: held(operand.value, kind),
    leaves: operand.leaves,
    write: (leaf) => `(${typeText(kind)})(${operand.write(leaf)})`,
  };
}

/** `c ? a : b` with arms of one kind, which is then the kind of the whole. */
function chosen(draw: Draw, depth: number, typed: boolean): Generated | undefined {
  const [test, then, otherwise] = [
    condition(draw, depth - 1, typed),
    number(draw, depth - 1, typed),
    number(draw, depth - 1, typed),
  ];
  if (test === undefined || then === undefined || otherwise === undefined) return undefined;
  if (typed && (isFlexible(then) || isFlexible(otherwise))) return undefined;
  const [left, right] = [then, otherwise].map((arm) => arm.kind as IntegerKind);
  if (left!.signed !== right!.signed || left!.bits !== right!.bits) return undefined;
  const shift = test.leaves.length;
  const more = shift + then.leaves.length;
  return {
    kind: { ...left!, flexible: false },
    value: test.value === 0n ? otherwise.value : then.value,
    leaves: [...test.leaves, ...then.leaves, ...otherwise.leaves],
    write: (leaf) => {
      const arm = then.write((one, index) => leaf(one, index + shift));
      const rest = otherwise.write((one, index) => leaf(one, index + more));
      return `((${test.write(leaf)}) ? (${arm}) : (${rest}))`;
    },
  };
}

function prefixed(
  operator: string,
  operand: Generated | undefined,
  kind: Kind,
  apply: (value: bigint) => bigint,
): Generated | undefined {
  if (operand === undefined) return undefined;
  const { leaves, value, write } = operand;
  return { kind, value: apply(value), leaves, write: (leaf) => `${operator}(${write(leaf)})` };
}

function joined(
  operator: string,
  left: Generated | undefined,
  right: Generated | undefined,
  kind: Kind,
  apply: (left: bigint, right: bigint) => bigint,
): Generated | undefined {
  if (left === undefined || right === undefined) return undefined;
  const shift = left.leaves.length;
  return {
    kind,
    value: apply(left.value, right.value),
    leaves: [...left.leaves, ...right.leaves],
    write: (leaf) =>
      `(${left.write(leaf)} ${operator} ${right.write((one, index) => leaf(one, index + shift))})`,
  };
}

function leafOf(leaf: Leaf): Generated {
  return { kind: leaf.kind, value: leaf.value, leaves: [leaf], write: (write) => write(leaf, 0) };
}

const EDGES = [0n, 1n, 2n, 7n, 127n, 128n, 255n, 256n, 32767n, 65535n, 65536n, 2147483647n, 4294967295n];

const WIDE = [1n << 40n, 1n << 63n, (1n << 64n) - 1n, (1n << 64n) - 1n] as const;

function integerLeaf(draw: Draw, typed: boolean, value?: bigint): Leaf {
  const magnitude = value ?? (draw.int(3) === 0 ? BigInt(draw.int(2 ** 31)) : draw.of(EDGES));
  if (!typed || draw.int(5) === 0) {
    const kind: IntegerKind = { signed: true, bits: 64, flexible: true };
    return { kind, value: magnitude, text: String(magnitude), plain: typed };
  }
  const kind: IntegerKind = { signed: draw.int(2) === 0, bits: draw.of(BITS) };
  const wide = value === undefined && draw.int(3) === 0 ? draw.of(WIDE) - magnitude : magnitude;
  return { kind, value: held(wide, kind), text: `(${typeText(kind)})${wide}` };
}

function booleanLeaf(draw: Draw): Leaf {
  const value = draw.int(2) === 0;
  return { kind: 'bool', value: BigInt(value), text: String(value) };
}

function held(value: bigint, { signed, bits }: IntegerKind): bigint {
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

export function typeText(kind: Kind): string {
  return kind === 'bool' ? 'bool' : `${kind.signed ? '' : 'u'}int${kind.bits}`;
}
