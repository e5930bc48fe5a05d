/** Whether other processes still run: the one that a lock names, and the npm that started us. */
import { readFileSync } from 'node:fs';

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There, but another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Calls `then` when npm or our parent is gone. npm passes signals on, but when it is killed hard none reaches us, and the
 * shell between it and us lives on: so the chain of parents is watched, once a second, up to npm where /proc tells it.
 */
export function onOrphaned(then: () => void): void {
  const chain = [process.pid, process.ppid];
  while (!isNpm(chain.at(-1) ?? 0)) {
    const parent = parentOf(chain.at(-1) ?? 0);
    if (parent === undefined || parent <= 1 || chain.length > 6) {
      chain.length = 2;
      break;
    }
    chain.push(parent);
  }
  const timer = setInterval(() => {
    const whole = chain.every((pid, index) => index === 0 || parentOf(chain[index - 1] ?? 0) === pid);
    if (whole) return;
    clearInterval(timer);
    then();
  }, 1000);
  timer.unref();
}

function isNpm(pid: number): boolean {
  try {
    return /^npm\b|\bnpm(-cli\.js)?\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/** Undefined where /proc does not tell; for ourselves always known. */
function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  try {
    const found = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}
