/**
 * Which 64-bit values may need more than 32 bits. Arithmetic is done in 64 bits whatever it is given, so types do not
 * tell: what was assigned does.
 */
import type { Unit, VariableSymbol } from '../check/model.ts';
import type { BinaryExpression, Expression } from '../syntax/ast.ts';
import type { LintSubject } from './subject.ts';

interface Assigned {
  readonly value: Expression;
  readonly unit: Unit;
}

const UINT32 = 1n << 32n;
const INT32 = 1n << 31n;
/** What a time in nanoseconds is divided by to be told in larger units. */
const SCALE = 1000n;
const SMALL_CALLS: ReadonlySet<string> = new Set(['strlen', 'strcap', 'len', 'strstr', 'strncmp', 'memcmp']);
const SMALL_WORDS: ReadonlySet<string> = new Set(['uid', 'gid', 'cpu', 'ncpus', 'pid', 'tid']);

export class Widths {
  private readonly variables: Map<VariableSymbol, Assigned[]> = new Map();
  private readonly maps: Map<string, Assigned[]> = new Map();
  /** What is being looked at: a value that goes round through itself grows by what else goes in. */
  private readonly pending: Set<object> = new Set();

  constructor({ sites }: LintSubject) {
    for (const { node, unit } of sites) {
      if (node.kind === 'let' && node.value !== undefined)
        this.note(this.variables, unit.variables.get(node.variable), { value: node.value, unit });
      if (node.kind !== 'assign') continue;
      const { target, value } = node;
      if (target.kind === 'variable') this.note(this.variables, unit.variables.get(target), { value, unit });
      if (target.kind === 'map') this.note(this.maps, target.name, { value, unit });
      if (target.kind === 'map-access') this.note(this.maps, target.map.name, { value, unit });
    }
  }

  private note<K>(index: Map<K, Assigned[]>, key: K | undefined, assigned: Assigned): void {
    if (key === undefined) return;
    const known = index.get(key);
    if (known === undefined) index.set(key, [assigned]);
    else known.push(assigned);
  }

  isWide(value: Expression, unit: Unit): boolean {
    const constant = unit.constants.get(value);
    if (constant !== undefined)
      return constant.kind === 'integer' && (constant.value >= UINT32 || constant.value < -INT32);
    const type = unit.types.get(value);
    if (type?.kind === 'sum') return true;
    return type?.kind === 'integer' && type.size === 8 && !this.isSmall(value, unit);
  }

  private isSmall(value: Expression, unit: Unit): boolean {
    const constant = unit.constants.get(value);
    if (constant !== undefined) return constant.kind !== 'integer' || constant.value < UINT32;
    const type = unit.types.get(value);
    if (type?.kind !== 'integer' || type.size < 8) return type?.kind !== 'sum';
    switch (value.kind) {
      case 'variable':
        return this.allSmall(unit.variables.get(value), this.variables);
      case 'map':
        return this.allSmall(value.name, this.maps);
      case 'map-access':
        return this.allSmall(value.map.name, this.maps);
      case 'ternary':
        return this.isSmall(value.then ?? value.condition, unit) && this.isSmall(value.otherwise, unit);
      case 'call':
        return SMALL_CALLS.has(value.callee.name);
      case 'identifier':
        return SMALL_WORDS.has(value.name);
      case 'update':
        return true;
      // What system calls return is a number of bytes, a descriptor or an error.
      case 'field':
        return value.field.name === 'ret';
      case 'binary':
        return this.isSmallResult(value, unit);
      case 'unary':
        return this.isSmall(value.operand, unit);
      default:
        return false;
    }
  }

  private allSmall<K>(key: K | undefined, index: ReadonlyMap<K, readonly Assigned[]>): boolean {
    const assigned = key === undefined ? [] : (index.get(key) ?? []);
    return assigned.every(({ value, unit }) => {
      if (this.pending.has(value)) return true;
      this.pending.add(value);
      const small = this.isSmall(value, unit);
      this.pending.delete(value);
      return small;
    });
  }

  private isSmallResult({ operator, left, right }: BinaryExpression, unit: Unit): boolean {
    const constant = unit.constants.get(right);
    const known = constant?.kind === 'integer' ? constant.value : undefined;
    switch (operator) {
      case '%':
      case '&':
        return known !== undefined && known < UINT32;
      case '/':
        return known !== undefined && known >= SCALE;
      case '>>':
        return known !== undefined && known >= 10n;
      case '+':
      case '-':
        return this.isSmall(left, unit) && this.isSmall(right, unit);
      default:
        return false;
    }
  }
}
