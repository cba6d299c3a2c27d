/** Flags behind the object: `bpfkit run prog.o --pcap in.pcap`. Behind a script they are the script's own parameters. */
import { Command } from 'commander';
import type { RunFlags } from './commands/run.ts';
import { addRunFlags } from './flags.ts';
import { CliError, type CliIo } from './io.ts';

export function isForPackets(params: readonly string[], flags: RunFlags): boolean {
  return flags.pcap !== undefined || params.some((param) => /^--pcap(=|$)/.test(param));
}

/** The flags with those among `params`; whatever else is there is refused. */
export function withTrailingFlags(params: readonly string[], flags: RunFlags, io: CliIo): RunFlags {
  const command = new Command('bpfkit run')
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  addRunFlags(command).parse([...params], { from: 'user' });
  const [extra] = command.args;
  if (extra !== undefined)
    throw new CliError(`'${extra}' is no flag: an object with --pcap takes nothing else`);
  const given = Object.entries(command.opts()).filter(
    ([name]) => command.getOptionValueSource(name) === 'cli',
  );
  const all: RunFlags = { ...flags, ...Object.fromEntries(given) };
  return all.json === true ? { ...all, f: 'json' } : all;
}
