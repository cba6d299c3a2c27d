/**
 * The user-space half of a script: takes the records that programs write and does what their action says
 * (`compiler/script-info.ts` draws the record).
 */
import type { Span } from '../bpf/span.ts';
import type { Action, RecordField, ScriptInfo, ScriptMap } from '../compiler/script-info.ts';
import type { VmFault } from '../vm/fault.ts';
import { errnoText } from './errno.ts';
import type { LoadedObject, OutputConsumer, PrintkLine } from './kernel.ts';
import { type ByteString, byteString, bytesOf, encodeText } from './output/byte-string.ts';
import type { PrintContext } from './output/context.ts';
import { bucketsAt, type RowValue, rowValue, viewMap } from './output/map-view.ts';
import { formatPieces } from './output/printf.ts';
import { type Cell, readInteger, readString, viewOf } from './output/read.ts';
import type { OutputSink, RuntimeMessage } from './output/sink.ts';
import { strftime } from './output/strftime.ts';
import { pcapHeader, pcapPacket } from './pcap/write-pcap.ts';
import { RecordFault } from './record-fault.ts';
import type { HostResult, TracerHost } from './tracer-host.ts';

export interface ActionConsumer extends OutputConsumer {
  /** Set once `exit()` was seen or a program was stopped. */
  readonly exitCode: number | undefined;
  /** Events the source itself lost. */
  readonly lostEvents: number;
  /** A program used up its instructions and was stopped: says where, and asks the kernel to stop as `exit()` does. */
  overrun(fault: VmFault): void;
  /** What `unwatch()` does: set while probes are attached. */
  unwatch: ((address: bigint) => void) | undefined;
}

export interface ActionConsumerOptions {
  readonly info: ScriptInfo;
  readonly loaded: LoadedObject;
  readonly sink: OutputSink;
  readonly context: PrintContext;
  readonly signal: AbortSignal | undefined;
  readonly host: TracerHost | undefined;
}

interface State {
  exitCode: number | undefined;
  lostEvents: number;
  readonly warned: Set<string>;
  /** Files of `skboutput()` that were begun. */
  readonly captures: Set<string>;
  overran: boolean;
  unwatch: ActionConsumer['unwatch'];
}

/** Exit code of a session that ended because a program did not. */
const OVERRUN_EXIT = 255;

export function createActionConsumer(options: ActionConsumerOptions): ActionConsumer {
  const state: State = {
    exitCode: undefined,
    lostEvents: 0,
    warned: new Set(),
    captures: new Set(),
    unwatch: undefined,
    overran: false,
  };
  const maps = new Map(options.info.maps.map((map) => [map.name, map]));
  const act = createActor(options, maps, state);
  return {
    record(bytes: Uint8Array): void {
      const index = bytes.length < 8 ? -1 : viewOf(bytes).getUint32(0, true);
      const action = options.info.actions[index];
      if (action === undefined)
        throw new RecordFault(`output record of ${bytes.length} bytes names no action`);
      act(action, bytes);
    },
    lost(count: number | undefined, source: string): void {
      state.lostEvents += count ?? 0;
      options.sink.lost(count, source);
    },
    warning(message: string): void {
      if (state.warned.has(message)) return;
      state.warned.add(message);
      options.sink.runtime({ kind: 'warnf', diagnostic: { code: 'RT0001', severity: 'warning', message } });
    },
    printk(line: PrintkLine): void {
      options.sink.printk(line);
    },
    overrun(fault: VmFault): void {
      state.overran = true;
      options.sink.runtime(overrunMessage(fault));
    },
    get stopped(): boolean {
      return state.overran || state.exitCode !== undefined || options.signal?.aborted === true;
    },
    get unwatch(): ActionConsumer['unwatch'] {
      return state.unwatch;
    },
    set unwatch(detach: ActionConsumer['unwatch']) {
      state.unwatch = detach;
    },
    get exitCode(): number | undefined {
      return state.overran ? OVERRUN_EXIT : state.exitCode;
    },
    get lostEvents(): number {
      return state.lostEvents;
    },
  };
}

function overrunMessage({ details, problem }: VmFault): RuntimeMessage {
  const { program, span } = details;
  return {
    kind: 'runtime_error',
    diagnostic: {
      code: 'RT0004',
      severity: 'error',
      message: `endless loop? ${program} ${problem} and was stopped`,
      ...(span === undefined ? {} : { span }),
      hints: ['give the loop a condition that becomes false, or leave it with break'],
    },
  };
}

function createActor(
  options: ActionConsumerOptions,
  maps: ReadonlyMap<string, ScriptMap>,
  state: State,
): (action: Action, bytes: Uint8Array) => void {
  const { sink, context, loaded } = options;
  const scriptMap = (name: string): ScriptMap => {
    const map = maps.get(name);
    if (map === undefined) throw new RecordFault(`output record names the unknown map ${name}`);
    return map;
  };
  const print = (name: string, top?: number, div?: number): void => {
    const map = scriptMap(name);
    const limits = { ...(top === undefined ? {} : { top }), ...(div === undefined ? {} : { div }) };
    sink.map(viewMap(map, loaded.map(name), { ...limits, zeroWhenEmpty: true }));
  };

  const ask = (kind: 'system' | 'cat', span: Span, text: ByteString): void => {
    const name = new TextDecoder().decode(bytesOf(text));
    const result = askHost(kind, name, options);
    if ('bytes' in result) sink.text(kind === 'cat' ? 'cat' : 'syscall', byteString(result.bytes));
    else runtimeMessage(sink, 'runtime_error', span, result.problem, 'error');
  };

  return (action, bytes) => {
    switch (action.kind) {
      case 'printf':
        sink.text('printf', formatted(action, bytes, context));
        return;
      case 'errorf':
        runtimeMessage(sink, 'errorf', action.span, formatted(action, bytes, context), 'error');
        return;
      case 'warnf':
        runtimeMessage(sink, 'warnf', action.span, formatted(action, bytes, context), 'warning');
        return;
      case 'print-value':
        sink.value(cellOf(bytes, action.value));
        return;
      case 'print-map':
        print(action.map, action.top, action.div);
        return;
      case 'print-map-entry': {
        const map = scriptMap(action.map);
        const key = cellOf(bytes, action.key);
        const value: RowValue =
          action.value === undefined
            ? bucketsAt(map, loaded.map(action.map), key)
            : rowValue(map, contentOf(cellOf(bytes, action.value)));
        sink.map({ name: action.map, keyed: true, valueType: map.value, rows: [{ key, value }] });
        return;
      }
      case 'clear-map':
        clearMap(loaded, action.map);
        return;
      case 'zero-map':
        zeroMap(loaded, action.map);
        return;
      case 'time':
        sink.text('time', encodeText(strftime(action.format, context.nowEpochNs())));
        return;
      case 'unwatch':
        state.unwatch?.(BigInt.asUintN(64, readNumberField(bytes, action.address)));
        return;
      case 'skboutput':
        writePacket(options, state, action, bytes);
        return;
      case 'exit':
        state.exitCode ??= Number(BigInt.asIntN(32, readNumberField(bytes, action.code))) & 0xff;
        return;
      case 'join':
        sink.text('join', joined(cellOf(bytes, action.words), action.separator));
        return;
      case 'runtime-error':
        runtimeMessage(sink, 'runtime_error', action.span, action.message, 'warning');
        return;
      case 'helper-error':
        sink.runtime(helperError(action, bytes));
        return;
      case 'system':
      case 'cat':
        ask(action.kind, action.span, formatted(action, bytes, context));
        return;
    }
  };
}

type ActionOf<K extends Action['kind']> = Extract<Action, { readonly kind: K }>;

/** The text of what has a format. @throws RecordFault */
function formatted(
  { format, args }: ActionOf<'printf' | 'errorf' | 'warnf' | 'system' | 'cat'>,
  bytes: Uint8Array,
  context: PrintContext,
): ByteString {
  return formatPieces(
    format,
    args.map((field) => cellOf(bytes, field)),
    context,
  );
}

function helperError(action: ActionOf<'helper-error'>, bytes: Uint8Array): RuntimeMessage {
  const { helper, span } = action;
  const retcode = Number(readNumberField(bytes, action.retcode));
  const message = action.message ?? errnoText(-retcode);
  return {
    kind: 'helper_error',
    diagnostic: { code: 'RT0003', severity: 'warning', message, span },
    helper: { name: helper, retcode },
  };
}

/** The file begins anew with the session's first packet. */
function writePacket(
  { host, context, sink }: ActionConsumerOptions,
  state: State,
  { file, offset, span }: ActionOf<'skboutput'>,
  bytes: Uint8Array,
): void {
  const at = 16 + offset;
  if (bytes.length < at)
    throw new RecordFault(`a packet record of ${bytes.length} bytes has no byte ${offset}`);
  const packet = pcapPacket(context.epochNs(viewOf(bytes).getBigUint64(8, true), 'boot'), bytes.subarray(at));
  const isNew = !state.captures.has(file);
  state.captures.add(file);
  const header = isNew ? pcapHeader() : new Uint8Array(0);
  const problem =
    host === undefined
      ? 'there is no machine to write files on'
      : host.writeFile(file, new Uint8Array([...header, ...packet]), isNew ? 'anew' : 'append');
  if (problem === undefined) return;
  runtimeMessage(sink, 'runtime_error', span, `cannot write '${file}': ${problem}`, 'warning');
}

function askHost(kind: 'system' | 'cat', text: string, { host, info }: ActionConsumerOptions): HostResult {
  if (host === undefined) return { problem: `${kind}() needs a machine to run on: there is none here` };
  const result = kind === 'cat' ? host.readFile(text, info.config.maxCatBytes) : host.run(text);
  if ('bytes' in result) return result;
  const what = kind === 'cat' ? 'failed to open file' : 'failed to run';
  return { problem: `${what} '${text}': ${result.problem}` };
}

/** @throws RecordFault when the record ends before it */
function cellOf(bytes: Uint8Array, field: RecordField): Cell {
  if (field.offset + field.type.size > bytes.length) {
    throw new RecordFault(`output record of ${bytes.length} bytes is too short for its action`);
  }
  return { type: field.type, bytes, offset: field.offset };
}

function contentOf({ bytes, offset, type }: Cell): Uint8Array {
  return bytes.slice(offset, offset + type.size);
}

function readNumberField(bytes: Uint8Array, field: RecordField): bigint {
  return readInteger({ size: 8, signed: true }, bytes, cellOf(bytes, field).offset);
}

function runtimeMessage(
  sink: OutputSink,
  kind: 'errorf' | 'warnf' | 'runtime_error',
  span: Span,
  message: string,
  severity: 'error' | 'warning',
): void {
  sink.runtime({ kind, diagnostic: { code: 'RT0002', severity, message, span } });
}

function joined(words: Cell, separator: string): string {
  const { type } = words;
  if (type.kind !== 'array') return '';
  const texts: string[] = [];
  for (let index = 0; index < type.count; index++) {
    const at = { type: type.element, bytes: words.bytes, offset: words.offset + index * type.element.size };
    const word = byteString(readString(at).text);
    // As in bpftrace, what comes behind an empty word is not the vector's any more.
    if (word === '') break;
    texts.push(word);
  }
  return `${texts.join(separator)}\n`;
}

function clearMap(loaded: LoadedObject, name: string): void {
  const map = loaded.map(name);
  for (const key of [...map.entries()].map((entry) => entry.key.slice())) map.delete(key);
}

function zeroMap(loaded: LoadedObject, name: string): void {
  const map = loaded.map(name);
  const zero = new Uint8Array(map.valueSize * map.copies);
  for (const key of [...map.entries()].map((entry) => entry.key.slice())) map.update(key, zero, 0);
}
