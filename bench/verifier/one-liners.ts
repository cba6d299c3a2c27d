/** Real programs: the one-liners among the samples, compiled for this machine's kernel. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Btf } from '../../bpf/btf/btf.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import type { Subject } from './programs.ts';

const FOLDER = new URL('../../samples/one-liners/', import.meta.url);

/** The first program of each script. */
export function oneLiners(types: Btf): readonly Subject[] {
  const kernel = openSnapshotFile(bundledSnapshot('linux-6.1')!);
  return readdirSync(FOLDER).flatMap((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const result = compile({ source: { name: file, text }, kernel, target: profileFor('6.1') });
    const { object, diagnostics } = result;
    if (object === undefined) throw new Error(`${file}: ${diagnostics[0]!.message}`);
    const one = objectCases(object, { types }).find((each) => each.case !== undefined)?.case;
    const name = `one-liner ${file.replace('.bt', '')}`;
    return one === undefined ? [] : [{ name, one: { ...one, id: name } }];
  });
}
