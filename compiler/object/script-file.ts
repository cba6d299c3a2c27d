/** Compiled scripts as ELF object files, and back. Needs no parser: running an object does not load the compiler. */
import { openElf } from '../../bpf/elf/file.ts';
import { type ReadObjectResult, readObject } from '../../bpf/elf/object/read.ts';
import { writeObject } from '../../bpf/elf/write/write-object.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { ScriptInfo } from '../script-info.ts';
import { spreadPoints } from './point-copies.ts';
import type { ScriptData } from './script-data.ts';
import { restoreScript, type ScriptOrigin, scriptDataOf } from './script-object.ts';
import { decodeScript, encodeScript, SCRIPT_SECTION } from './script-section.ts';
import { addScriptTypes } from './script-types.ts';

/** The object file of a compiled script, with types. @throws RangeError when the object has something no file can say */
export function writeScriptFile(
  compiled: BpfObject,
  info: ScriptInfo,
  compiledOrigin: ScriptOrigin,
): Uint8Array {
  const { object, origin } = spreadPoints(compiled, compiledOrigin);
  const script = encodeScript(scriptDataOf(object, info, origin));
  const isTyped = object.programs.some(({ btfId }) => btfId !== undefined);
  const typed = isTyped ? object : addScriptTypes(object, info.maps, origin.functions);
  return writeObject(typed, { sections: new Map([[SCRIPT_SECTION, script]]) });
}

export interface ObjectFileContent {
  /** With the script's own names and sources when the file has a script. */
  readonly object: BpfObject;
  /** Absent: an object of another compiler. */
  readonly script?: ScriptData;
  readonly warnings: readonly string[];
}

/** Reads any object file. @throws FormatError */
export function readScriptFile(bytes: Uint8Array, name: string): ObjectFileContent {
  return withScript(bytes, readObject(bytes, name));
}

/** What was read of an object file, with the script that its bytes hold. @throws FormatError of the script alone */
export function withScript(
  bytes: Uint8Array,
  { object, warnings }: Pick<ReadObjectResult, 'object' | 'warnings'>,
): ObjectFileContent {
  const elf = openElf(bytes);
  const section = elf.section(SCRIPT_SECTION);
  if (section === undefined) return { object, warnings };
  const script = decodeScript(elf.data(section));
  return { object: restoreScript(object, script), script, warnings };
}
