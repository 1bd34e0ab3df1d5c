// node-llama-cpp as it is measured: on the CPU only, from the binaries that npm brought, with a set number of threads.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LlamaLogLevel, getLlama } from 'node-llama-cpp';

/** llama.cpp with `threads` threads in all, shared by its contexts. */
export function openLibrary(threads) {
  return getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: threads,
    logLevel: LlamaLogLevel.warn,
    progressLogs: false,
  });
}

/** What was loaded: llama.cpp's release, the library of CPU kernels it chose, and the instructions that it was built for. */
export function describeLibrary(llama) {
  const mapped = readFileSync('/proc/self/maps', 'utf8');
  const variant = /\/([^/\n]*libggml-cpu[^/\n]*)$/m.exec(mapped)?.[1];
  if (variant === undefined) {
    throw new Error('no libggml-cpu is loaded: llama.cpp would run on something else than the CPU');
  }
  return {
    package: 'node-llama-cpp 3.22.1',
    llamaCpp: llama.llamaCppRelease.release,
    variant: basename(variant),
    instructions: [...llama.systemInfo.matchAll(/(\w+) = 1/g)].map(([, name]) => name),
  };
}
