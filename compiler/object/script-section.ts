/**
 * The script section, `.bpfkit.script`: {@link ScriptData} as bytes. It is a string table of two strings, so that ELF
 * tools that do not know it pass it by without a word, and in the memory image, so that they keep it:
 *
 *     | 0 | "bpfkit.script 1" | 0 | JSON, UTF-8 | 0 |
 *
 * The number is the version. 64-bit numbers are decimal text, bytes are text of one character each. Readers trust nothing
 * of it: what they return has the right kinds, ranges and references.
 */
import { FormatError } from '../../bpf/format-error.ts';
import type { Source, Span } from '../../bpf/span.ts';
import { NEED_KINDS, type Need } from '../resolve/needs.ts';
import {
  type ScriptConfig,
  type ScriptInfo,
  type ScriptMap,
  type ScriptOption,
  START_WORDS,
  type StackMap,
  type StartValue,
} from '../script-info.ts';
import { MAX_FRAMES } from '../types/make.ts';
import { decodeAction, encodeAction, encodeSpan } from './action-json.ts';
import { decodeAttachPoint, encodeAttachPoint } from './attach-json.ts';
import { CheckedJson, given } from './checked-json.ts';
import type { ScriptData, ScriptFunction, ScriptProgram, UsedField } from './script-data.ts';
import { decodeType, decodeValueType, encodeType, type Json, MAX_VALUE_SIZE } from './type-json.ts';

export const SCRIPT_SECTION = '.bpfkit.script';

const MAGIC = 'bpfkit.script ';
const VERSION = 1;
const FORMAT = 'script section';
/** Lists of a script; instructions themselves are at most a million. */
const MANY = 1 << 20;
const MAX_NAME = 4096;
const MISSING = ['error', 'warn', 'ignore'] as const;
const FIELD_KINDS = [
  'integer',
  'pointer',
  'array',
  'string',
  'struct',
  'dynamic-array',
  'dynamic-string',
  'relative-array',
  'relative-string',
] as const;

export function encodeScript(script: ScriptData): Uint8Array {
  const json: Json = {
    name: script.name,
    target: script.target,
    needs: script.needs.map(encodeNeed),
    info: encodeInfo(script.info),
    sources: script.sources.map((source) => ({ ...source })),
    programs: script.programs.map((program) => ({
      ...encodeFunction(program),
      attach: program.attach.map(encodeAttachPoint),
      fields: program.fields.map((field) => ({ ...field })),
    })),
    functions: script.functions.map(encodeFunction),
    maps: script.maps.map((map) => ({ ...map })),
  };
  return new TextEncoder().encode(`\0${MAGIC}${VERSION}\0${JSON.stringify(json)}\0`);
}

/** @throws FormatError when the bytes are no script section of this version */
export function decodeScript(bytes: Uint8Array): ScriptData {
  const json = new CheckedJson(parse(bytes));
  const sources = json.get('sources').list(MANY, decodeSource);
  const spanOf = (item: CheckedJson): Span => decodeSpan(item, sources);
  const functionOf = (item: CheckedJson): ScriptFunction => decodeFunction(item, spanOf);
  const target = json.get('target');
  return {
    name: json.get('name').text(MAX_NAME),
    target: { release: target.get('release').text(64), kernel: target.get('kernel').text(MAX_NAME) },
    needs: json.get('needs').list(MANY, (item) => decodeNeed(item, spanOf)),
    info: decodeInfo(json.get('info'), spanOf),
    sources,
    programs: json.get('programs').list(
      MANY,
      (item): ScriptProgram => ({
        ...functionOf(item),
        attach: item.get('attach').list(MANY, decodeAttachPoint),
        fields: item.get('fields').list(MAX_NAME, decodeUsedField),
      }),
    ),
    functions: json.get('functions').list(MANY, functionOf),
    maps: json.get('maps').list(MANY, (item) => ({
      name: item.get('name').text(MAX_NAME),
      symbol: item.get('symbol').text(MAX_NAME),
    })),
  };
}

function parse(bytes: Uint8Array): unknown {
  const end = bytes.indexOf(0, 1);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const head = bytes[0] === 0 && end > 0 && end < 64 ? String.fromCharCode(...bytes.subarray(1, end)) : '';
  if (!head.startsWith(MAGIC)) throw new FormatError(FORMAT, 0, `it does not begin with '${MAGIC}'`);
  const version = head.slice(MAGIC.length);
  if (version !== String(VERSION)) {
    throw new FormatError(
      FORMAT,
      MAGIC.length + 1,
      `version '${version}' is unknown: only ${VERSION} can be read`,
    );
  }
  if (bytes.at(-1) !== 0 || end === bytes.length - 1)
    throw new FormatError(FORMAT, bytes.length, 'it has no end');
  try {
    return JSON.parse(decoder.decode(bytes.subarray(end + 1, -1)));
  } catch (error) {
    throw new FormatError(FORMAT, end + 1, `no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function encodeNeed({ kind, what, span }: Need): Json {
  return span === undefined ? { kind, what } : { kind, what, span: encodeSpan(span) };
}

function decodeNeed(json: CheckedJson, spanOf: (item: CheckedJson) => Span): Need {
  const span = json.optional('span');
  return {
    kind: json.get('kind').oneOf(NEED_KINDS),
    what: json.get('what').text(MAX_NAME),
    ...given('span', span && spanOf(span)),
  };
}

function encodeInfo(info: ScriptInfo): Json {
  return {
    output: info.output,
    ...(info.lostCounter !== undefined && { lostCounter: info.lostCounter }),
    actions: info.actions.map(encodeAction),
    maps: info.maps.map(encodeMap),
    startValues: info.startValues.map((start) => ({ ...start })),
    ...(info.options !== undefined && { options: info.options.map(encodeOption) }),
    ...(info.stackMaps !== undefined && { stackMaps: info.stackMaps.map((map) => ({ ...map })) }),
    ...(info.anyOrder === true && { anyOrder: true }),
    config: { ...info.config },
  };
}

function encodeMap({ key, value, declaredAt, ...rest }: ScriptMap): Json {
  const keyed = given('key', key && encodeType(key)) as { readonly [key: string]: Json };
  return { ...rest, ...keyed, value: encodeType(value), declaredAt: encodeSpan(declaredAt) };
}

function decodeInfo(json: CheckedJson, spanOf: (item: CheckedJson) => Span): ScriptInfo {
  const output = json.get('output');
  return {
    output: {
      map: output.get('map').text(MAX_NAME),
      kind: output.get('kind').oneOf(['ringbuf', 'perf_event_array'] as const),
    },
    ...given('lostCounter', json.optional('lostCounter')?.text(MAX_NAME)),
    actions: json.get('actions').list(MANY, (item) => decodeAction(item, spanOf)),
    maps: json.get('maps').list(MANY, (item) => decodeMap(item, spanOf)),
    startValues: json.get('startValues').list(MAX_NAME, decodeStart),
    ...given('options', json.optional('options')?.list(MAX_NAME, decodeOption)),
    ...given('stackMaps', json.optional('stackMaps')?.list(MAX_NAME, decodeStackMap)),
    ...(json.optional('anyOrder')?.boolean() === true && { anyOrder: true }),
    config: decodeConfig(json.get('config')),
  };
}

function decodeMap(json: CheckedJson, spanOf: (item: CheckedJson) => Span): ScriptMap {
  const key = json.optional('key');
  return {
    name: json.get('name').text(MAX_NAME),
    ...given('key', key && decodeValueType(key)),
    keySize: json.get('keySize').integer(0, MAX_VALUE_SIZE),
    value: decodeType(json.get('value')),
    perCpu: json.get('perCpu').boolean(),
    declaredAt: spanOf(json.get('declaredAt')),
  };
}

function decodeStart(json: CheckedJson): StartValue {
  return {
    kind: json.get('kind').oneOf(START_WORDS),
    map: json.get('map').text(MAX_NAME),
    offset: json.get('offset').integer(0, MAX_VALUE_SIZE),
  };
}

function encodeOption({ type, initial, ...rest }: ScriptOption): Json {
  const value = typeof initial === 'bigint' ? initial.toString() : initial;
  return { ...rest, type: encodeType(type), initial: value };
}

function decodeOption(json: CheckedJson): ScriptOption {
  const type = decodeValueType(json.get('type'));
  const initial = json.get('initial');
  return {
    name: json.get('name').text(MAX_NAME),
    type,
    initial:
      type.kind === 'boolean'
        ? initial.boolean()
        : type.kind === 'string'
          ? initial.text()
          : initial.bigint(),
    ...given('help', json.optional('help')?.text(MAX_NAME)),
    map: json.get('map').text(MAX_NAME),
    offset: json.get('offset').integer(0, MAX_VALUE_SIZE),
  };
}

function decodeStackMap(json: CheckedJson): StackMap {
  return {
    limit: json.get('limit').integer(1, MAX_FRAMES),
    buildIds: json.get('buildIds').boolean(),
    ...given('traces', json.optional('traces')?.text(MAX_NAME)),
    ...given('spilled', json.optional('spilled')?.text(MAX_NAME)),
  };
}

function decodeConfig(json: CheckedJson): ScriptConfig {
  return {
    printMapsOnExit: json.get('printMapsOnExit').boolean(),
    strTruncTrailer: json.get('strTruncTrailer').text(MAX_NAME),
    maxCatBytes: json.get('maxCatBytes').integer(0, Number.MAX_SAFE_INTEGER),
    missingProbes: json.get('missingProbes').oneOf(MISSING),
    outputPages: json.get('outputPages').integer(0, Number.MAX_SAFE_INTEGER),
  };
}

function decodeSource(json: CheckedJson): Source {
  const lines = json.optional('lineNumbers')?.list(MANY, (item) => item.integer(1, MANY * 4));
  return {
    name: json.get('name').text(MAX_NAME),
    text: json.get('text').text(),
    ...given('lineNumbers', lines),
  };
}

function decodeSpan(json: CheckedJson, sources: readonly Source[]): Span {
  const [source, start, end] = json.tuple(3);
  const index = source!.integer(0, sources.length - 1);
  const { length } = sources[index]!.text;
  const from = start!.integer(0, length);
  return { source: index, start: from, end: end!.integer(from, length) };
}

function decodeUsedField(json: CheckedJson): UsedField {
  return {
    name: json.get('name').text(MAX_NAME),
    offset: json.get('offset').integer(0, MAX_VALUE_SIZE),
    size: json.get('size').integer(0, MAX_VALUE_SIZE),
    signed: json.get('signed').boolean(),
    kind: json.get('kind').oneOf(FIELD_KINDS),
    type: json.get('type').text(MAX_NAME),
  };
}

/** Runs of spans as `[count]` or `[count, source, start, end]`. */
function encodeFunction({ name, symbol, spans }: ScriptFunction): { readonly [key: string]: Json } {
  const runs = spans.map(({ count, span }) =>
    span === undefined ? [count] : [count, span.source, span.start, span.end],
  );
  return { name, symbol, spans: runs };
}

function decodeFunction(json: CheckedJson, spanOf: (item: CheckedJson) => Span): ScriptFunction {
  return {
    name: json.get('name').text(MAX_NAME),
    symbol: json.get('symbol').text(MAX_NAME),
    spans: json.get('spans').list(MANY, (item) => {
      const numbers = item.items(4);
      const count = (numbers[0] ?? item.fail('is empty')).integer(1, MANY);
      return { count, span: numbers.length === 1 ? undefined : spanOf(item.slice(1)) };
    }),
  };
}
