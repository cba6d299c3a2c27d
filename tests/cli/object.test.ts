/** Object files on the command line: compile, run, inspect, link. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { R_BPF, SHF, SHT, STB, STT } from '../../bpf/elf/constants.ts';
import { readObject } from '../../bpf/elf/object/index.ts';
import { ElfWriter } from '../../bpf/elf/write/elf-writer.ts';
import { writeObject } from '../../bpf/elf/write/index.ts';
import type { ObjectDescription } from '../../cli/inspect/description.ts';
import { writeScriptFile } from '../../compiler/object/script-file.ts';
import { isNamedWord } from '../../runtime/named-options.ts';
import { fixture } from '../bpf/elf/objects.ts';
import { compileText } from '../compiler/support.ts';
import { readLanguageFiles } from '../language/case.ts';
import { expectation, type RecordedCase, withoutBanner } from '../recorded/case.ts';
import { parseCommand } from '../recorded/command.ts';
import { readCaseFiles } from '../recorded/folder.ts';
import { samplesOn } from '../sample-tools.ts';
import { type CliResult, cli, root } from './support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'object-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDING = 'tests/data/trace.dat';

async function compiled(args: readonly string[], name = 'x.o'): Promise<string> {
  const path = join(folder, name);
  const { code, stderr } = await cli(['compile', '-o', path, ...args]);
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
  return path;
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('a compiled sample', () => {
  test.each(samplesOn('simulation'))('%s runs in the simulated kernel as its script does', async (sample) => {
    const path = await compiled([join('samples', sample)], `${basename(sample)}.o`);
    const flags = ['-q', '--duration', '50ms'];
    expect(await cli([...flags, path])).toEqual(await cli([...flags, join('samples', sample)]));
  });

  test.each(samplesOn('recordings'))('%s runs on a recording as its script does', async (sample) => {
    const path = await compiled(['--on', RECORDING, join('samples', sample)], `${basename(sample)}.r.o`);
    const flags = ['-q', '--on', RECORDING];
    expect(await cli([...flags, path])).toEqual(await cli([...flags, join('samples', sample)]));
  });
});

/** Scripts whose command has flags that `compile` takes or that running takes, and no others. */
function split({ command, script }: RecordedCase): { compile: string[]; run: string[] } | undefined {
  const { args, stdin } = parseCommand(command, script);
  if (stdin !== undefined || args.some((arg) => /^-(l|d|o|h|V|-)/.test(arg))) return undefined;
  const run: string[] = [];
  const compile: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === '-q') run.push(arg);
    else if (arg === '-f' || arg === '-B') run.push(arg, args[++index]!);
    else compile.push(arg);
  }
  return { compile, run };
}

/** As `cli`, with standard output as one character a byte. */
async function bytesOf(argv: readonly string[], io: { readonly cwd: string }): Promise<CliResult> {
  const out: Buffer[] = [];
  const result = await cli(argv, { ...io, stdout: (chunk) => void out.push(Buffer.from(chunk)) });
  return { ...result, stdout: Buffer.concat(out).toString('latin1') };
}

test('golden scripts of bpftrace answer from their objects', { timeout: 120_000 }, async () => {
  let count = 0;
  for (const { file, cases } of readCaseFiles()) {
    for (const golden of cases) {
      const parts = split(golden);
      const want = expectation(golden);
      if (parts === undefined || want.complaint !== undefined) continue;
      writeFileSync(join(folder, 'script.bt'), golden.script, 'latin1');
      const io = { cwd: folder };
      const made = await cli(['compile', ...parts.compile, '-o', 'golden.o'], io);
      if (made.code !== 0) continue;
      const { code, stdout } = await bytesOf([...parts.run, 'golden.o'], io);
      const name = `${file}: ${golden.name}`;
      expect(code, name).toBe(want.exitCode);
      // What the compiler warns of was said when it compiled.
      if (made.stderr === '') expect(withoutBanner(stdout), name).toBe(want.stdout);
      else expect(want.stdout.endsWith(withoutBanner(stdout)), name).toBe(true);
      count++;
    }
  }
  expect(count).toBeGreaterThan(150);
});

/** Files of cases whose actions and values all have to come through an object. */
const THROUGH_OBJECTS: ReadonlySet<string> = new Set(['output.txt', 'parameters.txt', 'time-series.txt']);

test('cases of the language answer from their objects', { timeout: 60_000 }, async () => {
  let count = 0;
  for (const { file, cases } of readLanguageFiles()) {
    for (const golden of cases) {
      if (!THROUGH_OBJECTS.has(file) || golden.exitCode !== 0) continue;
      const { args, env = {} } = parseCommand(golden.command, golden.script);
      const end = args.includes('--') ? args.indexOf('--') : args.length;
      const run = args.slice(0, end).filter((arg) => arg !== 'script.bt');
      const words = args.slice(end + 1).filter(isNamedWord);
      const plain = args.slice(end + 1).filter((arg) => !isNamedWord(arg));
      writeFileSync(join(folder, 'script.bt'), golden.script, 'latin1');
      const io = { cwd: folder, env };
      const made = await cli(['compile', '-o', 'case.o', 'script.bt', '--', ...plain], io);
      const name = `${file}: ${golden.name}`;
      if (made.code !== 0 || words.includes('--help')) continue;
      const { code, stdout } = await bytesOf([...run, 'case.o', '--', ...words], io);
      expect(code, name).toBe(golden.exitCode);
      // What the compiler warns of was said when it compiled.
      expect(golden.stdout.endsWith(stdout), `${name}: ${stdout}`).toBe(true);
      count++;
    }
  }
  expect(count).toBeGreaterThan(30);
});

describe('bpfkit compile -o', () => {
  test('writes to standard output', async () => {
    const out: Uint8Array[] = [];
    const { code } = await cli(['compile', '-e', 'BEGIN { exit() }', '-o', '-'], {
      stdout: (chunk) => void out.push(chunk as Uint8Array),
    });
    expect(code).toBe(0);
    expect([...out[0]!.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
  });

  test('folds positional parameters in', async () => {
    const path = await compiled(['-e', 'BEGIN { printf("%d %s\\n", $1, str($2)); exit() }', '--', '7', 'x']);
    expect((await cli(['run', '-q', path])).stdout).toBe('7 x\n\n\n');
  });

  test('writes nothing for a script with errors', async () => {
    const { code, stderr } = await cli(['compile', '-e', 'BEGIN { nothing() }', '-o', join(folder, 'no.o')]);
    expect(code).toBe(1);
    expect(stderr).toContain('ERROR');
    expect(readdirSync(folder)).not.toContain('no.o');
  });

  test('refuses an object', async () => {
    const path = await compiled(['-e', 'BEGIN { exit() }']);
    const { code, stderr } = await cli(['compile', path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ERROR: '${path}' is an object file and no script: bpfkit inspect shows it, bpfkit run runs it\n`,
    });
  });

  test('does not write over the script', async () => {
    const script = written('own.bt', new TextEncoder().encode('BEGIN { exit() }'));
    const { code, stderr } = await cli(['compile', '-o', `${folder}/./own.bt`, script]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ERROR: '${folder}/./own.bt' is the script itself: write the object to another file\n`,
    });
    expect(readFileSync(script, 'utf8')).toBe('BEGIN { exit() }');
  });

  test('writes an object over an older one', async () => {
    const path = await compiled(['-e', 'BEGIN { printf("older and longer"); exit() }'], 'again.o');
    await compiled(['-e', 'BEGIN { exit() }'], 'again.o');
    expect((await cli(['-q', path])).stdout).toBe('\n\n');
  });

  test('holds jumps of any length from Linux 6.6 on, and says so before', async () => {
    const body = Array.from({ length: 1500 }, (_, index) => `@x[${index}] = ${index};`).join(' ');
    const script = ['-e', `BEGIN { ${body} exit() }`];
    const path = await compiled(['--kernel', '6.6', ...script], 'far.o');
    expect((await cli(['-q', path])).stdout).toContain('\n@x[1499]: 1499\n');
    const { code, stderr } = await cli([...script, '--kernel', '6.5']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'ERROR: the probe is too large: a jump in it spans more than 32767 instructions, which Linux 6.5 does not have',
    );
  }, 120_000);

  test('does not mix an object with the text of a stage', async () => {
    const { code, stderr } = await cli(['compile', '-e', 'BEGIN { }', '--emit', 'asm', '-o', '-']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'ERROR: Cannot write both the object and a stage to standard output.\n',
    });
  });

  test('says when the file cannot be written', async () => {
    const { code, stderr } = await cli(['compile', '-e', 'BEGIN { }', '-o', join(folder, 'none/x.o')]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ERROR: Failed to write '${folder}/none/x.o': No such file or directory\n`,
    });
  });
});

describe('running an object', () => {
  test('does not load the parser', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const { module } = parseSync(file, readFileSync(file, 'utf8'));
      for (const item of module.staticImports) {
        const target = item.moduleRequest.value;
        const typeOnly = item.entries.length > 0 && item.entries.every((entry) => entry.isType);
        if (typeOnly) continue;
        if (target.startsWith('.')) visit(resolve(dirname(file), target));
        else seen.add(target);
      }
    };
    for (const file of ['run.ts', 'run-object.ts']) visit(join(root, 'cli/commands', file));
    expect(seen.size).toBeGreaterThan(50);
    expect([...seen].filter((file) => /chevrotain|compiler\/syntax|compiler\/lower/.test(file))).toEqual([]);
  });

  test('refuses flags of the compiler and what it has not', async () => {
    const path = await compiled(['-e', 'BEGIN { exit() }']);
    const errors = async (...args: readonly string[]): Promise<string> => (await cli([...args, path])).stderr;
    expect(await errors('-p', '1')).toContain('is compiled already: give -p to bpfkit compile');
    expect(await errors('--emit', 'ast')).toContain('it has no stage ast, only asm');
    expect((await cli([path, '--', '5'])).stderr).toContain('give positional parameters to bpfkit compile');
  });

  test('asks the kernel for what the script needs', async () => {
    const path = await compiled(['samples/opens.bt']);
    const { code, stderr } = await cli(['--on', RECORDING, path]);
    expect(code).toBe(1);
    expect(stderr).toContain(`str() needs user memory, which the recording ${RECORDING} does not have`);
    expect(stderr).toContain('printf("%-8d %-16s %4d %s\\n"');
  });

  test('refuses a kernel whose events lie elsewhere', async () => {
    const path = await compiled(['-e', 'tracepoint:sched:sched_switch { @[args.next_pid] = count() }']);
    const bytes = readFileSync(path);
    const wanted = '"name":"next_pid","offset":56';
    expect(bytes.includes(wanted)).toBe(true);
    const moved = Buffer.from(
      bytes.toString('latin1').replace(wanted, '"name":"next_pid","offset":60'),
      'latin1',
    );
    const { code, stderr } = await cli(['--on', RECORDING, written('moved.o', moved)]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `ERROR: sched:sched_switch: field next_pid was 'pid_t' of 4 bytes at 60 in the simulated kernel, and is 'pid_t' of 4 bytes at 56 in the recording ${RECORDING}\n` +
        `HINT: compile the script again for the recording ${RECORDING}\n`,
    );
  });

  test('says which event is missing', async () => {
    const event = 'sched:sched_wake_idle_without_ipi';
    const path = await compiled(['--on', RECORDING, '-e', `tracepoint:${event} { @ = count() }`]);
    const { code, stderr } = await cli(['--duration', '1ms', path]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `ERROR: tracepoint not found: ${event}\n` });
  });

  test('of another compiler runs what it can', async () => {
    const path = written('addresses.o', fixture('addresses.o'));
    const { code, stderr } = await cli(['--duration', '1ms', path]);
    expect(code).toBe(255);
    expect(stderr).toContain('the object has no script section');
    expect(stderr).toContain('run (socket) is not run: a socket_filter program has no event to run on here');
    expect(stderr).toContain('ERROR: none of its programs could be attached');
    const running = await cli(['--duration', '5ms', written('programs.o', fixture('programs.o'))]);
    expect(running.code).toBe(0);
    expect(running.stderr).toMatch(/Attached \d+ probes/);
  });

  test('of another compiler says which section tells no program type', async () => {
    const known = readObject(fixture('programs.o'), 'programs.o').object;
    const [one, ...programs] = known.programs;
    const untyped = { ...one!, type: 'unspec', section: 'classifier/foo', attach: [] } as const;
    const path = written('untyped.o', writeObject({ ...known, programs: [untyped, ...programs] }));
    const { code, stderr } = await cli(['--duration', '5ms', path]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      "one (classifier/foo) is not run: the section name 'classifier/foo' tells no program type",
    );
    const { stdout } = await cli(['inspect', path]);
    expect(stdout).toContain('section classifier/foo, type unspec');
  });

  test('says when the script does not fit what the programs write', async () => {
    const { object, info, origin } = compileText('BEGIN { printf("x"); exit() }');
    const path = written('actionless.o', writeScriptFile(object!, { ...info!, actions: [] }, origin!));
    const { code, stderr } = await cli(['-q', path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ERROR: '.*actionless.o' has a script that does not fit its programs: output record of \d+ bytes names no action\n$/,
    );
  });

  test('of a file that is none says where it is wrong', async () => {
    const path = written('short.o', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]));
    const { code, stderr } = await cli([path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: Cannot read the object '.*short.o': ELF: byte \d+: /);
  });
});

/** Two static functions of one name, as linking leaves them; the first calls a third. */
function twins(): Uint8Array {
  const writer = new ElfWriter({ littleEndian: true });
  const code = Uint8Array.of(
    ...[0xb7, 0, 0, 0, 0, 0, 0, 0, 0x85, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x95, 0, 0, 0, 0, 0, 0, 0],
    ...[0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0],
    ...[0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0],
  );
  const flags = SHF.ALLOC | SHF.EXECINSTR;
  const section = writer.addSection({ name: '.text', type: SHT.PROGBITS, flags, alignment: 8, data: code });
  const add = (name: string, value: bigint, size: number, binding: number): number =>
    writer.addSymbol({ name, value, size, type: STT.FUNC, binding, section });
  add('twin', 0n, 24, STB.LOCAL);
  add('twin', 24n, 16, STB.LOCAL);
  const symbol = add('other', 40n, 16, STB.GLOBAL);
  writer.addRelocation(section, { offset: 8, symbol, type: R_BPF['64_32'] });
  return writer.finish();
}

describe('bpfkit inspect', () => {
  const json = async (path: string): Promise<ObjectDescription> =>
    JSON.parse((await cli(['inspect', '--json', path])).stdout) as ObjectDescription;

  test('tells of programs, maps, types and the script', async () => {
    const shown = await json(await compiled(['samples/runqlat.bt']));
    expect(shown).toMatchObject({ class: 64, endian: 'little', license: 'GPL' });
    expect(shown.programs.map(({ name, section }) => [name, section])).toEqual([
      // Of two points: libbpf attaches each to the one that its section names.
      ['tracepoint_sched_sched_wakeup_0', 'tracepoint/sched/sched_wakeup'],
      ['tracepoint_sched_sched_wakeup_0_1', 'tracepoint/sched/sched_wakeup_new'],
      ['tracepoint_sched_sched_switch_1', 'tracepoint/sched/sched_switch'],
      ['END_2', 'raw_tracepoint'],
    ]);
    expect(shown.programs[3]!.attach).toEqual([]);
    expect(shown.programs[0]!.helpers).toEqual(['ktime_get_boot_ns', 'map_update_elem', 'ringbuf_output']);
    expect(shown.programs[2]!.source).toEqual({ file: 'samples/runqlat.bt', firstLine: 23, lastLine: 29 });
    expect(shown.maps[0]).toMatchObject({
      name: 'AT_queued',
      type: 'hash',
      key: 'int',
      value: 'unsigned long',
    });
    expect(shown.script!.probes.map(({ points }) => points).slice(0, 2)).toEqual([
      ['tracepoint:sched:sched_wakeup'],
      ['tracepoint:sched:sched_wakeup_new'],
    ]);
    expect(shown.script!.maps.map(({ name }) => name)).toEqual(['@queued', '@usecs']);
    const [program] = shown.programs;
    expect(shown.script!.fields[0]).toEqual({ program: program!.name, name: 'pid', offset: 24, size: 4 });
  });

  test('tells of externs, data and CO-RE relocations of clang', async () => {
    const kconfig = await json(written('kconfig.o', fixture('kconfig.o')));
    expect(kconfig.externs.map(({ kind }) => kind)).toContain('kconfig');
    const core = await json(written('core-fields.o', fixture('core-fields.o')));
    expect(core.programs.flatMap(({ core: relocations }) => relocations.map(({ kind }) => kind))).toContain(
      'field_byte_offset',
    );
    const data = await json(written('data.o', fixture('data.o')));
    expect(data.data.map(({ name }) => name)).toContain('.data');
    expect(data.script).toBeUndefined();
  });

  test('tells of each relocation of code once, at its function', async () => {
    const { functions } = await json(written('twins.o', twins()));
    expect(functions.map(({ name, relocations }) => [name, relocations])).toEqual([
      ['twin', [{ slot: 1, type: 'R_BPF_64_32', symbol: 'other' }]],
      ['twin.1', []],
      ['other', []],
    ]);
  });

  test('shows an object that is still to be linked', async () => {
    const shown = await json(written('link-main.o', fixture('link-main.o')));
    expect(shown.externs.map(({ name, kind }) => `${kind} ${name}`)).toContain('unlinked add');
    expect(shown.programs[0]!.calls).toContain('add');
  });

  test('says configuration values once, as externs', async () => {
    const kconfig = await json(written('kconfig.o', fixture('kconfig.o')));
    expect(kconfig.data.map(({ name }) => name)).not.toContain('.kconfig');
  });

  test('counts in the units of what is counted', async () => {
    const { stdout } = await cli(['inspect', await compiled(['-e', 'BEGIN { @ = 1; exit() }'])]);
    expect(stdout).toContain('\n    hash, 1 entry\n');
    expect(stdout).toContain('\n    ringbuf, 4194304 bytes\n');
    expect(stdout).toContain('\n    source: stdin:1\n');
    expect(stdout).toMatch(/\n {6}R_BPF_64_64 ringbuf at \d+(, \d+)*\n/);
  });

  test('says a need once', async () => {
    const twice = 'tracepoint:sched:sched_switch { printf("%d %d", pid, pid) }';
    const { script } = await json(await compiled(['-e', twice]));
    expect(script!.needs).toEqual([{ kind: 'process-ids', what: 'pid' }]);
  });

  test('spells control characters of names out', async () => {
    const bytes = readFileSync(await compiled(['-e', 'BEGIN { @abcd = 1 }']));
    const hostile = bytes.toString('latin1').replaceAll('AT_abcd\0', 'AT_a\x1bcd\0');
    const { stdout } = await cli(['inspect', written('hostile.o', Buffer.from(hostile, 'latin1'))]);
    expect(stdout).toContain('\n  AT_a\\x1bcd\n');
  });

  test('prints code between its source lines', async () => {
    const path = await compiled(['samples/runqlat.bt']);
    const { stdout } = await cli(['inspect', '-d', path]);
    expect(stdout).toContain('; samples/runqlat.bt:17: @queued[args.pid] = nsecs;\n');
    expect(stdout).toContain('(85) call bpf_ktime_get_boot_ns#125\n');
  });

  test('shows the rest of an object whose script section is damaged', async () => {
    const bytes = readFileSync(await compiled(['samples/runqlat.bt']));
    bytes.write('X', bytes.indexOf('bpfkit.script 1'));
    const { code, stdout, stderr } = await cli(['inspect', written('damaged.o', bytes)]);
    expect(code).toBe(1);
    expect(stderr).toContain("script section: byte 0: it does not begin with 'bpfkit.script '");
    expect(stdout).toContain('tracepoint_sched_sched_switch_1');
    expect(stdout).toMatch(/\na script section that cannot be read\n$/);
  });
});

describe('bpfkit link', () => {
  const link = (...names: readonly string[]): Promise<CliResult> => {
    return cli(['link', ...names, '-o', join(folder, 'linked.o')]);
  };

  test('refuses two scripts, which both have an output buffer', async () => {
    const [a, b] = [await compiled(['-e', 'BEGIN { }'], 'a.o'), await compiled(['-e', 'END { }'], 'b.o')];
    const { code, stderr } = await link(a, b);
    expect(code).toBe(1);
    expect(stderr).toContain(`ERROR: Cannot link: 'ringbuf' is defined in ${a} and in ${b}`);
  });

  test('names the file that is no object', async () => {
    const path = written('text.o', new TextEncoder().encode('text'));
    const { code, stderr } = await link(written('data.o', fixture('data.o')), path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: Cannot link: .*text\.o: ELF: byte /);
  });

  test('joins objects of clang', async () => {
    const path = written('data.o', fixture('data.o'));
    expect((await link(path, written('programs.o', fixture('programs.o')))).stderr).toBe('');
    const shown = JSON.parse((await cli(['inspect', '--json', join(folder, 'linked.o')])).stdout);
    expect((shown as ObjectDescription).programs.length).toBeGreaterThan(1);
  });
});
