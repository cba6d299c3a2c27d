import { expect, test } from 'vitest';
import { TextPool } from '../../../compiler/lower/constant-texts.ts';
import { compileText } from '../support.ts';

const S = 'tracepoint:sched:sched_switch';

test('long literal keys are passed by address, once each', () => {
  const { object } = compileText(
    `${S} { @[probe] = count(); @a["probe"] = count(); } ${S} { @[probe] = count(); }`,
  );
  const texts = object!.maps.find(({ name }) => name === '.rodata.texts');
  const bytes = new TextEncoder().encode(S);
  expect(texts).toMatchObject({ type: 'array', valueSize: bytes.length + 1 });
  expect([...object!.data.get('.rodata.texts')!]).toEqual([...bytes, 0]);
});

test('kernels without addresses of values, and short literals, have them written', () => {
  const old = compileText(`${S} { @[probe] = count(); }`, { release: '5.1' }).object!;
  const short = compileText(`${S} { @["short"] = count(); }`).object!;
  for (const { maps } of [old, short]) expect(maps.map(({ name }) => name)).not.toContain('.rodata.texts');
});

test('the pool keeps bytes where they were put', () => {
  const pool = new TextPool();
  const texts = Array.from({ length: 100 }, (_, index) => new Uint8Array(index % 37).fill(index % 37));
  const offsets = texts.map((bytes) => pool.place(bytes));
  for (const [index, offset] of offsets.entries()) {
    const bytes = texts[index]!;
    expect(pool.bytes().subarray(offset, offset + bytes.length)).toEqual(bytes);
    expect(pool.place(bytes)).toBe(offset);
  }
});
