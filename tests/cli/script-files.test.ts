/** Files that scripts name (2.2): found from the command line's folder, from the script's, and where -I says. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from './support.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bpfkit-files-'));
  for (const folder of ['tool', 'tool/lib', 'include', 'open']) mkdirSync(join(cwd, folder));
  chmodSync(join(cwd, 'open'), 0o777);
  const files = {
    'tool/own.bt':
      '#include "own.h"\n#include <far.h>\nimport "lib";\nbegin { print((OWN, FAR, FIRST, twice(4))); }\n',
    'tool/own.h': '#define OWN 1\n',
    'tool/lib/a.bt': 'macro twice(n) { n * 2 }\n',
    'include/far.h': '#define FAR 2\n',
    'first.h': '#define FIRST 3\n',
    'kernel.bt': '#include <linux/sched.h>\nbegin { $x = 1; print(sizeof(struct task_struct) > 0); }\n',
    'open.bt': 'import "open";\nbegin { }\n',
    'bad.bt': '#include "bad.h"\nbegin { }\n',
    'bad.h': '\nstruct a { int x };\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
});
afterAll(() => rmSync(cwd, { recursive: true }));

test('headers, imports, -I and --include', async () => {
  const args = ['-q', '-I', 'include', '--include', 'first.h', 'tool/own.bt'];
  expect(await cli(args, { cwd })).toMatchObject({ code: 0, stdout: '(1, 2, 3, 8)\n\n\n' });
  const without = await cli(['tool/own.bt'], { cwd });
  expect(without.stderr).toMatch(/^tool\/own\.bt:2:10-17: ERROR: 'far\.h' file not found\n/);
});

test('that headers of the kernel are not read is a note on standard error', async () => {
  const { code, stdout, stderr } = await cli(['check', 'kernel.bt'], { cwd });
  expect([code, stdout.includes('NOTE')]).toEqual([0, false]);
  expect(stderr).toMatch(/^kernel\.bt:1:10-25: NOTE: headers such as 'linux\/sched\.h' are not read/);
});

test('a folder that everybody may write to is refused', async () => {
  const { code, stderr } = await cli(['check', 'open.bt'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("Failed to import 'open': the folder is world-writable");
});

test('a mistake in a header has its place there', async () => {
  const { stderr } = await cli(['check', 'bad.bt'], { cwd });
  expect(stderr).toMatch(/^bad\.h:2:18-19: ERROR: C definitions: expected ';'\nstruct a \{ int x \};\n/);
});
