/** The default workload: a small server that does a little of everything. */
import type { Workload } from '../workload.ts';
import { startDatabase } from './database.ts';
import { startKernelThreads } from './kernel-threads.ts';
import { startShell } from './shell.ts';
import { startWebServer } from './web-server.ts';

export const mix: Workload = {
  name: 'mix',
  description:
    'a web server before a database, a shell that runs small commands, cron, and the kernel’s own threads',
  start(world): void {
    startKernelThreads(world);
    world.skipPids(412);
    const database = startDatabase(world, 2);
    startWebServer(world, { workers: 2, requestsPerSecond: 400, database });
    startShell(world);
  },
};
