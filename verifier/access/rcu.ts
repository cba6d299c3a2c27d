/** Is the path inside a read-side section of RCU (`in_rcu_cs`)? */
import type { Environment } from '../environment.ts';

export function inRcuSection(env: Environment): boolean {
  const { state } = env;
  return state.activeRcuLocks > 0 || state.activeLocks > 0 || !state.inSleepable;
}
