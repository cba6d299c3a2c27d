/** Where blocks go on to, changed. */
import type { MachineTerminator } from './machine.ts';

/** The terminator with every target mapped; a branch whose arms become one is a jump. */
export function retarget(terminator: MachineTerminator, map: (block: number) => number): MachineTerminator {
  if (terminator.kind === 'exit') return terminator;
  if (terminator.kind === 'jump') return { ...terminator, target: map(terminator.target) };
  const then = map(terminator.then);
  const otherwise = map(terminator.otherwise);
  if (then === otherwise) return { kind: 'jump', target: then, span: terminator.span };
  return { ...terminator, then, otherwise };
}
