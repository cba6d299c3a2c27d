import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `unit` needs no root, no guest and no browser; the others judge against real kernels. */
const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/linux/**', 'tests/guest/**', 'tests/browser/**'],
          // Nobody watches: no CPU is kept free.
          maxWorkers: '100%',
        },
      },
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
