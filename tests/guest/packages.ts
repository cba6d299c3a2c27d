/**
 * The Debian packages the guest is made of. Only what is missing is installed, and only by apt-get; where that is
 * impossible (another system, no root, no network) the caller gets a reason to print.
 */
import { CommandError, run } from './command.ts';

/** What any guest needs: the emulator, a kernel with NVMe and ext4 built in, a shell, and tools to make disks. */
export const GUEST_PACKAGES: readonly string[] = [
  'qemu-system-x86',
  'linux-image-cloud-amd64',
  'busybox-static',
  'e2fsprogs',
];

export type InstallResult =
  | { readonly kind: 'ready'; readonly installed: readonly string[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Makes sure that `packages` (added to {@link GUEST_PACKAGES}) are installed. */
export async function installPackages(packages: readonly string[] = []): Promise<InstallResult> {
  if (process.platform !== 'linux') return unavailable(`the host is ${process.platform}, not Linux`);
  try {
    const missing = await missingPackages([...GUEST_PACKAGES, ...packages]);
    if (missing.length === 0) return { kind: 'ready', installed: [] };
    if (process.getuid?.() !== 0) return unavailable(`not root, and these are missing: ${missing.join(' ')}`);
    await install(missing);
    return { kind: 'ready', installed: missing };
  } catch (error) {
    if (error instanceof CommandError) return unavailable(error.message);
    throw error;
  }
}

/** Version of an installed package as dpkg tells it, e.g. `0.17.0-1`. */
export async function packageVersion(name: string): Promise<string> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query substitutes it.
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Version}', name]);
  return stdout;
}

async function missingPackages(names: readonly string[]): Promise<readonly string[]> {
  // dpkg-query ends with 1 when some name is unknown and still lists the known ones.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query substitutes them.
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = await run('dpkg-query', ['-W', '-f', format, ...names], { accept: [0, 1] });
  const present = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return names.filter((name) => !present.has(`${name} installed`));
}

async function install(names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: 600_000 };
  await run('apt-get', ['update', '-q'], options);
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], options);
}

function unavailable(reason: string): InstallResult {
  return { kind: 'unavailable', reason };
}
