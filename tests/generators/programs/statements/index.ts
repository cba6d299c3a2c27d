/** Every kind of statement, and the choice among them. */
import type { Body } from '../body.ts';
import { branchStatements } from './branch.ts';
import { callStatements } from './call.ts';
import { contextStatements } from './context.ts';
import { helperStatements } from './helper.ts';
import { mapStatements } from './map.ts';
import { memoryStatements } from './memory.ts';
import { objectStatements } from './object.ts';
import { outputStatements } from './output.ts';
import { packetStatements } from './packet.ts';
import { regionStatements } from './region.ts';
import { scalarStatements } from './scalar.ts';
import { stackStatements } from './stack.ts';
import type { Statement } from './statement.ts';
import { typedStatements } from './typed.ts';

export const STATEMENTS: readonly Statement[] = [
  ...scalarStatements,
  ...branchStatements,
  ...stackStatements,
  ...mapStatements,
  ...memoryStatements,
  ...contextStatements,
  ...helperStatements,
  ...outputStatements,
  ...packetStatements,
  ...callStatements,
  ...regionStatements,
  ...objectStatements,
  ...typedStatements,
];

/** One entry a unit of weight. */
const DRAW: readonly Statement[] = STATEMENTS.flatMap((one) => Array.from({ length: one.weight }, () => one));

/** Writes statements into a function; the program's budget ends it earlier. */
export function writeBlock(b: Body, statements: number): void {
  for (let i = 0; i < statements && b.plan.budget > 0; i++) writeStatement(b);
}

function writeStatement(b: Body): void {
  b.plan.budget--;
  const statement = draw(b);
  const { held, bail } = b;
  b.bail = undefined;
  b.mark(statement.name);
  statement.write(b);
  const failed = b.bail as Body['bail'];
  if (failed !== undefined) b.arrive(failed);
  b.bail = bail;
  b.held = held;
}

function draw(b: Body): Statement {
  for (;;) {
    const statement = b.dice.of(DRAW);
    if (b.quiet > 0 && statement.quiet !== true && !b.dice.wrong()) continue;
    if (statement.when === undefined || statement.when(b)) return statement;
  }
}
