/** An expression has one value, whether it folds, is optimised or is run (2.6, 7.1, 7.2, 7.3). */
import { expect, test } from 'vitest';
import { cli } from '../cli/support.ts';
import { difference, expressionScript } from '../generators/expression-script.ts';

const SCRIPTS = 30;
const EXPRESSIONS = 50;

async function run(text: string): Promise<ReadonlyMap<number, bigint>> {
  const { code, stdout, stderr } = await cli(['-q', '--no-warnings', '-e', text]);
  expect(code, stderr).toBe(0);
  const lines = stdout.matchAll(/^@r\[(\d+)\]: (\d+)$/gm);
  return new Map([...lines].map(([, key, value]) => [Number(key), BigInt(value!)]));
}

test.each(Array.from({ length: SCRIPTS }, (_, index) => index + 1))(
  `seed %i: ${EXPRESSIONS} expressions`,
  { timeout: 60_000 },
  async (seed) => {
    const script = expressionScript(seed, EXPRESSIONS);
    expect(difference(script, await run(script.text))).toBeUndefined();
  },
);
