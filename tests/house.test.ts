import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { version } from '../cli/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room may import (ARCHITECTURE.md); `types` only as `import type`. */
const RULES: Readonly<
  Record<string, { readonly may: readonly string[]; readonly types?: readonly string[] }>
> = {
  bpf: { may: [] },
  verifier: { may: ['bpf'] },
  vm: { may: ['bpf'] },
  compiler: { may: ['bpf'] },
  runtime: { may: ['bpf', 'vm', 'verifier'], types: ['compiler'] },
  editor: { may: ['bpf', 'vm', 'verifier', 'compiler', 'runtime'] },
  cli: { may: ['bpf', 'vm', 'verifier', 'compiler', 'runtime', 'editor'] },
};

/** Rooms a browser must be able to load; these folders inside them are their Node edges. */
const PURE = ['bpf', 'verifier', 'vm', 'compiler', 'runtime'];
const NODE_EDGES = ['runtime/node', 'runtime/linux'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Rooms that nobody lives in yet are not in the tree. */
const EMPTY = ['editor'];

function sourcesOf(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.tsx'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(join(root, file), 'utf8'));
  const statics = module.staticImports.map((item) => ({
    file,
    target: item.moduleRequest.value,
    typeOnly: item.entries.length > 0 && item.entries.every((entry) => entry.isType),
  }));
  const reexports = module.staticExports.flatMap((item) =>
    item.entries
      .filter((entry) => entry.moduleRequest !== null)
      .map((entry) => ({ file, target: entry.moduleRequest!.value, typeOnly: entry.isType })),
  );
  const dynamics = module.dynamicImports.map((item) => {
    const text = readFileSync(join(root, file), 'utf8').slice(
      item.moduleRequest.start,
      item.moduleRequest.end,
    );
    return { file, target: text.slice(1, -1), typeOnly: false };
  });
  return [...statics, ...reexports, ...dynamics];
}

function roomOf(item: Import): string | undefined {
  if (!item.target.startsWith('.')) return undefined;
  return relative(root, resolve(root, dirname(item.file), item.target)).split('/')[0];
}

describe('the rooms of the house', () => {
  for (const [room, rule] of Object.entries(RULES)) {
    test(`${room} imports only ${[...rule.may, ...(rule.types ?? [])].join(', ') || 'itself'}`, () => {
      const files = sourcesOf(room);
      expect(files.length > 0).toBe(!EMPTY.includes(room));
      const wrong = files.flatMap(importsOf).filter((item) => {
        const target = roomOf(item);
        if (target === undefined || target === room || rule.may.includes(target)) return false;
        return !(item.typeOnly && rule.types?.includes(target));
      });
      expect(wrong).toEqual([]);
    });
  }

  test.each(PURE)('%s is pure ECMAScript outside its Node edges', (room) => {
    const files = sourcesOf(room).filter((file) => !NODE_EDGES.some((edge) => file.startsWith(`${edge}/`)));
    const wrong = files.flatMap(importsOf).filter((item) => {
      const toEdge = NODE_EDGES.some((edge) => {
        const path = item.target.startsWith('.')
          ? relative(root, resolve(root, dirname(item.file), item.target))
          : '';
        return path.startsWith(`${edge}/`);
      });
      return item.target.startsWith('node:') || (toEdge && !item.typeOnly);
    });
    expect(wrong).toEqual([]);
    const buffers = files.filter((file) =>
      /\bBuffer\b\.|\bprocess\.(env|argv|std)/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(buffers).toEqual([]);
  });

  test('no hand-written source file exceeds 700 lines', () => {
    const long = Object.keys(RULES)
      .flatMap(sourcesOf)
      .filter((file) => !file.endsWith('.gen.ts'))
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 700);
    expect(long).toEqual([]);
  });
});

test('the version the program prints is the package’s', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(manifest.version);
});
