#!/usr/bin/env node
/**
 * The executable. It answers `--version` and a Node that is too old by itself, and only then loads the rest, so that
 * both cost little more than bare Node.
 */
import module from 'node:module';
import { version } from './version.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const args = process.argv.slice(2);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`bpfkit needs Node 22.18 or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`bpfkit v${version}\n`);
} else {
  // Looked up by name: Node before 22.8 lacks it, and a missing named import would hide the message above.
  module.enableCompileCache?.();
  const { runProcess } = await import('./process.ts');
  process.exitCode = await runProcess(args);
}
