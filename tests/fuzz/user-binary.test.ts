import { describe, expect, it } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { userBinaryTarget } from './user-binary.ts';

describe('mutated user binaries', () => {
  it('end in an error or a partial read', async () => {
    const summary = await fuzzBytes(userBinaryTarget(), 400, 1);
    expect(summary.errors).toBeGreaterThan(20);
    expect(summary.partial).toBeGreaterThan(20);
    expect(summary.whole).toBeGreaterThan(20);
  });
});
