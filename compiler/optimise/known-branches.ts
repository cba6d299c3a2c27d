/** Tests whose answer an earlier branch on the way here gave already. */
import { OPPOSITE } from '../ir/arithmetic.ts';
import { dominators, flowGraph } from '../ir/cfg.ts';
import type { Block, BlockId, CompareOp, IrFunction, IrInstruction, Operand, Terminator } from '../ir/ir.ts';
import { edgesOf, isValue } from '../ir/operands.ts';

type Branch = Extract<Terminator, { kind: 'branch' }>;
type Comparison = Pick<Branch, 'op' | 'bits' | 'left' | 'right'>;

/** `fn` must be in SSA form with reachable blocks. */
export function decideKnownBranches(fn: IrFunction): IrFunction {
  const graph = flowGraph(fn.blocks);
  const tree = dominators(graph);
  const blocks = [...fn.blocks];
  const facts = new Map<string, boolean>();
  const enter = (id: BlockId): readonly string[] => {
    const added = learn(
      graph.predecessors[id]!.map((from) => fn.blocks[from]!),
      id,
      facts,
    );
    blocks[id] = decide(blocks[id]!, facts);
    return added;
  };
  const stack: ({ readonly enter: BlockId } | { readonly forget: readonly string[] })[] = [
    { enter: 0 as BlockId },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if ('forget' in top) {
      for (const name of top.forget) facts.delete(name);
      continue;
    }
    stack.push({ forget: enter(top.enter) });
    for (const child of tree.children[top.enter]!) stack.push({ enter: child });
  }
  return { ...fn, blocks };
}

/** What the only way into a block tells; the names of what was not known before. */
function learn(before: readonly Block[], id: BlockId, facts: Map<string, boolean>): readonly string[] {
  const [only] = before;
  if (before.length !== 1) return [];
  const { terminator } = only!;
  if (terminator.kind !== 'branch') return [];
  if (terminator.then === terminator.otherwise) return [];
  const holds = terminator.then === id;
  const added: string[] = [];
  for (const [name, value] of namesOf(terminator, holds)) {
    if (facts.has(name)) continue;
    facts.set(name, value);
    added.push(name);
  }
  return added;
}

function namesOf(comparison: Comparison, holds: boolean): readonly (readonly [string, boolean])[] {
  const { op } = comparison;
  const own = [nameOf(comparison, op), holds] as const;
  return op === 'test' ? [own] : [own, [nameOf(comparison, OPPOSITE[op]), !holds]];
}

function nameOf({ bits, left, right }: Comparison, op: CompareOp): string {
  return `${op} ${bits} ${text(left)} ${text(right)}`;
}

function text(operand: Operand): string {
  return isValue(operand) ? `%${operand}` : `${operand.constant}`;
}

function decide(block: Block, facts: ReadonlyMap<string, boolean>): Block {
  if (facts.size === 0) return block;
  const instructions = block.instructions.map((one): IrInstruction => {
    if (one.kind !== 'compare') return one;
    const known = facts.get(nameOf(one, one.op));
    if (known === undefined) return one;
    const { dst, span } = one;
    return { kind: 'constant', dst, value: known ? 1n : 0n, ...(span !== undefined && { span }) };
  });
  const { terminator } = block;
  const known = terminator.kind === 'branch' ? facts.get(nameOf(terminator, terminator.op)) : undefined;
  if (known === undefined) return { ...block, instructions };
  const edge = edgesOf(terminator)[known ? 0 : 1]!;
  const { span } = terminator;
  const jump: Terminator = {
    kind: 'jump',
    target: edge.target,
    ...(edge.args.length > 0 && { args: edge.args }),
    ...(span !== undefined && { span }),
  };
  return { ...block, instructions, terminator: jump };
}
