import { describe, expect, it } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { elfTarget, objectTarget } from './elf.ts';

describe('mutated ELF files', () => {
  it('end in an error, a partial or a whole read', async () => {
    const summary = await fuzzBytes(elfTarget(), 400, 1);
    expect(summary.errors).toBeGreaterThan(50);
    expect(summary.partial).toBeGreaterThan(30);
    expect(summary.whole).toBeGreaterThan(50);
  });
});

describe('mutated BPF objects', () => {
  it('end in an error, a partial or a whole read', async () => {
    const summary = await fuzzBytes(objectTarget(), 400, 1);
    expect(summary.errors).toBeGreaterThan(100);
    expect(summary.partial).toBeGreaterThan(3);
    expect(summary.whole).toBeGreaterThan(30);
  });
});
