/** Scripts run on recordings in memory, each way there is, and all they print. */
import { profileFor } from '../../../bpf/profiles/index.ts';
import { compile } from '../../../compiler/compile.ts';
import { createTextSink } from '../../../runtime/output/text-sink.ts';
import type { EventRecording } from '../../../runtime/recording/event-recording.ts';
import { createRecordingKernel, type RecordingKernelOptions } from '../../../runtime/recording-kernel.ts';
import { replayShare } from '../../../runtime/replay/replay-share.ts';
import type { ShareProgress, ShareResult } from '../../../runtime/replay/share.ts';
import type { ReplaySharing } from '../../../runtime/replay/shared-replay.ts';
import { runSession } from '../../../runtime/session.ts';
import { context } from '../output/support.ts';
import { open } from '../recording/recordings.ts';

export interface Replay {
  /** Record by record, from copies. */
  readonly plain?: boolean;
  readonly engine?: RecordingKernelOptions['engine'];
  readonly durationNs?: number;
  /** Replayed by so many at once;. */
  readonly shares?: number;
  /** Called with what became of each share. */
  readonly onShare?: (kind: ShareResult['kind']) => void;
}

/** Each share is replayed in this thread, with the file opened for itself. */
function sharing(file: Uint8Array, { shares = 1, engine, onShare }: Replay): ReplaySharing {
  return {
    shares,
    leastBytes: 0,
    run: async (share, _stop, onProgress) => {
      const between = async (progress: ShareProgress): Promise<boolean> => {
        onProgress(progress);
        return false;
      };
      const result = await replayShare(open(file), structuredClone(share), { engine, between });
      onShare?.(result.kind);
      return result;
    },
  };
}

/** Records that are not read into a machine's memory. */
function apart(recording: EventRecording): EventRecording {
  return Object.assign(Object.create(recording) as EventRecording, { cursor: () => recording.cursor() });
}

/** What the script prints to both streams, its losses and warnings among it; then how many records were passed. */
export async function replay(file: Uint8Array, script: string, how: Replay = {}): Promise<string> {
  const recording = open(file);
  const { engine, durationNs } = how;
  const kernel = createRecordingKernel(how.plain === true ? apart(recording) : recording, {
    name: 'test.dat',
    ...(engine !== undefined && { engine }),
    ...(durationNs !== undefined && { durationNs }),
    ...(how.shares !== undefined && { sharing: sharing(file, how) }),
  });
  const info = kernel.describe();
  const source = { name: 'test.bt', text: script };
  const result = compile({ source, kernel: info, target: profileFor(info.version) });
  const { object, info: scriptInfo } = result;
  if (object === undefined || scriptInfo === undefined) throw new Error(JSON.stringify(result.diagnostics));
  let text = '';
  const put = (piece: string): void => {
    text += piece;
  };
  const sink = createTextSink({
    streams: { out: put, err: put },
    context,
    quiet: true,
    render: ({ diagnostic }) => `${diagnostic.message}\n`,
  });
  const { exitCode, lost } = await runSession({
    kernel,
    object,
    info: scriptInfo,
    sink,
    context: { ...context },
    verify: false,
  });
  const { done, total, events } = kernel.progress!();
  // Record by record, some are read ahead of the one that stops it.
  const passed = done < total || exitCode !== 0 ? 'some' : events;
  return `${text}exit ${exitCode}, lost ${lost}, ${passed} events at ${kernel.clock().bootNs}`;
}
