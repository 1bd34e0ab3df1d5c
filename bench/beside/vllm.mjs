// A vLLM of its own on this machine's CPU.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './port.mjs';

const START_MS = 300_000;
const CALL_MS = 120_000;

/** Starts it; `held` adapters fit its host memory, `slots` of them one batch. */
export async function startVllm({ program, checkpoint, streams, slots, held, rank, log }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    program,
    [
      'serve', checkpoint, '--served-model-name', 'base', '--host', '127.0.0.1', '--port', String(port), '--dtype', 'bfloat16',
      '--max-model-len', '2048', '--max-num-seqs', String(streams), '--enable-lora', '--max-lora-rank', String(rank),
      '--max-loras', String(slots), '--max-cpu-loras', String(held),
    ],
    {
      detached: true, // a group of its own: it has helpers
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        HF_HUB_OFFLINE: '1',
        VLLM_NO_USAGE_STATS: '1',
        DO_NOT_TRACK: '1',
        VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True',
        VLLM_CPU_KVCACHE_SPACE: '1',
      },
    },
  );
  const file = createWriteStream(log);
  child.stdout.pipe(file);
  child.stderr.pipe(file);
  const end = Date.now() + START_MS;
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
  while (!(await answers(`${url}/health`))) {
    if (child.exitCode !== null || Date.now() > end) {
      stop();
      throw new Error(`vLLM was not ready; its log is ${log}`);
    }
    await pause(500);
  }
  return { url, pid: child.pid, stop };
}

/** Has vLLM load an adapter under its folder's name, as its users do. */
export async function load(url, name, folder) {
  const answer = await fetch(`${url}/v1/load_lora_adapter`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ lora_name: name, lora_path: folder }),
    signal: AbortSignal.timeout(CALL_MS),
  });
  if (!answer.ok) {
    throw new Error(`vLLM does not load ${name}: ${answer.status} ${await answer.text()}`);
  }
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
