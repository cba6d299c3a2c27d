/** Compiled scripts come back from their object file as they were. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeInstructions } from '../../../bpf/decode.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import { resolveLabels } from '../../../bpf/labels.ts';
import type { BpfFunction, BpfObject } from '../../../bpf/object.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../../compiler/compile.ts';
import { spreadPoints } from '../../../compiler/object/point-copies.ts';
import { readScriptFile, writeScriptFile } from '../../../compiler/object/script-file.ts';
import { addScriptTypes } from '../../../compiler/object/script-types.ts';
import { createCatalog } from '../../../runtime/sim/catalog.ts';
import { simKernelInfo } from '../../../runtime/sim/sim-info.ts';
import { root } from '../../cli/support.ts';
import { parseCommand } from '../../recorded/command.ts';
import { readCaseFiles } from '../../recorded/folder.ts';

const kernel = simKernelInfo(createCatalog(), 4);

interface Script {
  readonly name: string;
  readonly text: string;
  readonly params: readonly string[];
}

const samples: readonly Script[] = readdirSync(join(root, 'samples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bt'))
  .map((name) => ({ name, text: readFileSync(join(root, 'samples', name), 'utf8'), params: [] }));

const golden: readonly Script[] = readCaseFiles().flatMap(({ file, cases }) =>
  cases.map(({ name, command, script }) => ({
    name: `${file}: ${name}`,
    text: script,
    params: parseCommand(command, script).args.slice(1),
  })),
);

function compiled({ name, text, params }: Script, release: `${number}.${number}`): CompileResult {
  return compile({ source: { name, text }, params, kernel, target: profileFor(release), unsafe: true });
}

/** Code without names of jump targets, and each reference written one way. */
function plain<Code extends BpfFunction>(code: Code): Code {
  const { instructions } = resolveLabels(code.instructions);
  const { bytes } = encodeInstructions(instructions);
  const decoded = decodeInstructions(bytes, 'little').instructions;
  return {
    ...code,
    instructions: decoded.map((one, index) => {
      const { ref, span } = instructions[index]!;
      return { ...one, ...(ref && { ref }), ...(span && { span }) };
    }),
  };
}

/** All but the types, which the file has more of; and of a map in a section of data, whose type is the section's. */
function comparable(object: BpfObject, likeFile: BpfObject): object {
  const { btf: _, ...rest } = object;
  const untyped = new Set(likeFile.maps.flatMap(({ name, btf }) => (btf === undefined ? [name] : [])));
  return {
    ...rest,
    programs: object.programs.map(plain),
    functions: object.functions.map(plain),
    maps: object.maps.map(({ btf, ...map }) => ({ ...map, ...(btf && !untyped.has(map.name) && { btf }) })),
  };
}

test('a file that tells of a map twice is refused', () => {
  const text = 'BEGIN { @a = 1; @b = 2 }';
  const { object, info, origin } = compiled({ name: 'twice', text, params: [] }, '6.1');
  const [a] = info!.maps;
  const bytes = writeScriptFile(object!, { ...info!, maps: [a!, a!] }, origin!);
  expect(() => readScriptFile(bytes, 'twice.o')).toThrow('script section: byte 0: it tells of a map twice');
});

test('a program of several points is one for each in a file, whose section names it', () => {
  const text =
    'tracepoint:sched:sched_switch, tracepoint:sched:sched_wakeup { @ = count(); } interval:1s, interval:2s { }';
  const { object, info, origin } = compiled({ name: 'several', text, params: [] }, '6.1');
  expect(object!.programs.map(({ attach }) => attach.length)).toEqual([2, 2]);
  const back = readScriptFile(writeScriptFile(object!, info!, origin!), 'several.o');
  expect(back.object.programs.map(({ section, attach }) => [section, attach.length])).toEqual([
    ['tracepoint/sched/sched_switch', 1],
    ['tracepoint/sched/sched_wakeup', 1],
    ['perf_event', 2],
  ]);
  const [first, second] = back.object.programs;
  expect(first!.instructions).toEqual(second!.instructions);
});

describe.each(['5.4', '6.1'] as const)('for Linux %s', (release) => {
  test.each([
    ['every sample', samples, 15],
    ['every golden script', golden, 200],
  ])('%s', { timeout: 60_000 }, (_, scripts, least) => {
    let count = 0;
    for (const script of scripts) {
      const { ok, object, info, origin } = compiled(script, release);
      if (!ok || object === undefined || info === undefined || origin === undefined) continue;
      const bytes = writeScriptFile(object, info, origin);
      const back = readScriptFile(bytes, script.name);
      expect(object.btf, script.name).toBeUndefined();
      expect(back.warnings, script.name).toEqual([]);
      const typed = addScriptTypes(spreadPoints(object, origin).object, info.maps, origin.functions);
      expect(comparable(back.object, back.object), script.name).toEqual(comparable(typed, back.object));
      expect(back.script?.info, script.name).toEqual(info);
      for (let id = 1; id < typed.btf!.end; id++)
        expect(back.object.btf!.type(id), script.name).toEqual(typed.btf!.type(id));
      expect(writeScriptFile(back.object, info, origin).length, script.name).toBeGreaterThan(0);
      count++;
    }
    expect(count).toBeGreaterThanOrEqual(least);
  });
});
