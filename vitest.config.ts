import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Every script we keep, and random ones, compiled again and again: too long for every change, so the gate runs it. */
const CORPUS: readonly string[] = [
  'tests/cli/object.test.ts',
  'tests/compiler/object/script-file.test.ts',
  'tests/compiler/releases.test.ts',
  'tests/fuzz/cli.test.ts',
  'tests/language/expressions.test.ts',
];

/** `unit` and `corpus` need no root, no guest and no browser; the others judge against real kernels. */
const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/linux/**', 'tests/guest/**', 'tests/browser/**', ...CORPUS],
          // Nobody watches: no CPU is kept free.
          maxWorkers: '100%',
        },
      },
      { test: { name: 'corpus', include: [...CORPUS], maxWorkers: '100%' } },
      {
        test: {
          name: 'linux',
          include: ['tests/linux/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'guest',
          include: ['tests/guest/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});

export default config;
