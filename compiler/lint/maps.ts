/** Lints about maps: what they are used for follows from all their uses in the script. */
import {
  absenceTest as absenceTestMessage,
  missingDelete as missingDeleteMessage,
  printInLoop as printInLoopMessage,
  racyCounter as racyCounterMessage,
  unboundedKey as unboundedKeyMessage,
  unreadMap as unreadMapMessage,
} from '../diagnostics/messages.gen.ts';
import type { Expression } from '../syntax/ast.ts';
import { printExpression } from '../syntax/print-source.ts';
import { isUnconditional, type LintSubject, type MapUse, type Site } from './subject.ts';

const CLOCKS: ReadonlySet<string> = new Set(['nsecs', 'elapsed', 'rand', 'jiffies']);

/** The builtin that an expression is, with or without parentheses. */
function wordOf(node: Expression): string | undefined {
  if (node.kind === 'identifier') return node.name;
  return node.kind === 'call' && node.callee.name === 'nsecs' ? 'nsecs' : undefined;
}

function isClock(node: Expression): boolean {
  const word = wordOf(node);
  return word !== undefined && CLOCKS.has(word);
}

/** `unbounded-key`: a clock or a random number is the key or a part of it. */
export function unboundedKey({ maps, report }: LintSubject): void {
  for (const [name, uses] of maps) {
    if (uses.some(({ role }) => role === 'remove') || isCleared(uses)) continue;
    for (const { node, role } of uses) {
      if (node.kind !== 'map-access' || (role !== 'write' && role !== 'count')) continue;
      const parts = node.key.kind === 'tuple' ? node.key.elements : [node.key];
      const clock = parts.find(isClock);
      if (clock !== undefined) report(unboundedKeyMessage(clock.span, { name, key: printExpression(clock) }));
    }
  }
}

function isCleared(uses: readonly MapUse[]): boolean {
  return uses.some(({ role, around }) => role === 'whole' && calleeOf(around.at(-1)) !== 'print');
}

function calleeOf(node: Site['node'] | undefined): string | undefined {
  return node?.kind === 'call' ? node.callee.name : undefined;
}

/** `missing-delete`: start times by key that are subtracted somewhere and never removed. */
export function missingDelete({ maps, report }: LintSubject): void {
  for (const [name, uses] of maps) {
    const start = uses.find((use) => use.node.kind === 'map-access' && writesClock(use));
    if (start === undefined || uses.some(({ role }) => role === 'remove') || isCleared(uses)) continue;
    const subtracted = uses.some(({ node, around }) => {
      const parent = around.at(-1);
      return parent?.kind === 'binary' && parent.operator === '-' && parent.right === node;
    });
    // A key of few values, such as the CPU, is written over and over and never stale.
    if (subtracted && start.node.kind === 'map-access' && wordOf(start.node.key) !== 'cpu')
      report(missingDeleteMessage(start.node.span, { name }));
  }
}

function writesClock({ node, around }: MapUse): boolean {
  const parent = around.at(-1);
  return parent?.kind === 'assign' && parent.target === node && isClock(parent.value);
}

/** `racy-counter`: counted on several CPUs, and nothing but printing reads the number. */
export function racyCounter({ maps, report }: LintSubject): void {
  for (const [name, uses] of maps) {
    if (uses.some(({ role }) => role === 'read' || role === 'write')) continue;
    for (const use of uses) {
      const advice = use.role === 'count' ? counterAdvice(use) : undefined;
      if (advice === undefined || isAlone(use)) continue;
      const key = use.node.kind === 'map-access' ? `[${printExpression(use.node.key)}]` : '';
      report(racyCounterMessage(use.node.span, { name, key, advice }));
    }
  }
}

function counterAdvice({ node, around }: MapUse): string | undefined {
  const parent = around.at(-1);
  // The new number is used where it stands.
  if (parent?.kind === 'update')
    return parent.operator === '++' && around.at(-2)?.kind === 'expression-statement' ? 'count()' : undefined;
  if (parent?.kind !== 'assign' || parent.operator !== '+=' || parent.target !== node) return undefined;
  const { value } = parent;
  return value.kind === 'integer' && value.value === 1n ? 'count()' : `sum(${printExpression(value)})`;
}

const ALONE: ReadonlySet<string> = new Set(['begin', 'end', 'interval', 'self', 'test', 'bench', 'iter']);

/** Does the probe run on one CPU at a time? */
function isAlone({ unit }: Site): boolean {
  return unit.points.every(({ point }) => ALONE.has(point.kind));
}

/** `absence-test`: language.md §7.11. Counters are left alone: of them absence is zero. */
export function absenceTest({ maps, report }: LintSubject): void {
  for (const [name, uses] of maps) {
    const writes = uses.filter(({ role }) => role === 'write');
    if (!writes.some(mayBeZero)) continue;
    for (const { node, around, unit } of uses) {
      if (node.kind !== 'map-access' || unit.types.get(node)?.kind !== 'integer') continue;
      if (isTested(node, around, unit.probe.predicate)) report(absenceTestMessage(node.span, { name }));
    }
  }
}

/** A value that the author can expect to be zero now and then: not a clock, a pointer, an id or a literal. */
function mayBeZero({ node, around, unit }: MapUse): boolean {
  const parent = around.at(-1);
  if (parent?.kind !== 'assign' || parent.target !== node || isClock(parent.value)) return false;
  const { value } = parent;
  const constant = unit.constants.get(value);
  if (constant !== undefined) return false;
  const type = unit.types.get(value);
  if (type?.kind !== 'integer') return false;
  return value.kind === 'field' || value.kind === 'cast' || /^(s?arg\d+|retval)$/.test(wordOf(value) ?? '');
}

function isTested(
  node: Expression,
  around: readonly Site['node'][],
  predicate: Expression | undefined,
): boolean {
  const parent = around.at(-1);
  if (parent === undefined) return predicate === node;
  if (parent.kind === 'if' || parent.kind === 'ternary') return parent.condition === node;
  if (parent.kind === 'unary') return parent.operator === '!';
  return parent.kind === 'binary' && (parent.operator === '&&' || parent.operator === '||');
}

/** `print-in-loop`: language.md §7.5. */
export function printInLoop({ maps, report }: LintSubject): void {
  for (const [map, uses] of maps) {
    for (const { node, role, around } of uses) {
      const call = around.at(-1);
      if (role !== 'whole' || node.kind !== 'map' || call?.kind !== 'call') continue;
      const loops = around.some(({ kind }) => kind === 'for' || kind === 'while' || kind === 'unroll');
      if (loops) report(printInLoopMessage(call.span, { name: call.callee.name, map }));
    }
  }
}

/** `unread-map`: nothing reads it and exit does not print it. */
export function unreadMap({ maps, model, report }: LintSubject): void {
  for (const [name, uses] of maps) {
    const seen = uses.some(
      ({ role, around }) => role === 'read' || role === 'test' || calleeOf(around.at(-1)) === 'print',
    );
    if (seen || (model.settings.printMapsOnExit && !uses.some(clearedAtEnd))) continue;
    const first = uses.find(({ role }) => role === 'write' || role === 'count');
    if (first !== undefined) report(unreadMapMessage(first.node.span, { name }));
  }
}

function clearedAtEnd(use: MapUse): boolean {
  const atEnd = use.unit.points.some(({ point }) => point.kind === 'end');
  return atEnd && isUnconditional(use) && calleeOf(use.around.at(-1)) === 'clear';
}
