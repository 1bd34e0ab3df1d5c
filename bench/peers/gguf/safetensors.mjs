// Reads safetensors files: 8 bytes of header length, a JSON header, then the tensors' bytes.

import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Tensors by name: {dtype, shape, bytes(): Buffer}. Only the header is read at first. */
export function readSafetensors(path) {
  const file = openSync(path, 'r');
  let header;
  let start;
  try {
    const length = Number(readAt(file, 0, 8, path).readBigUInt64LE());
    header = JSON.parse(readAt(file, 8, length, path).toString('utf8'));
    start = 8 + length;
  } finally {
    closeSync(file);
  }
  delete header.__metadata__;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { dtype, shape, bytes: () => readRange(path, start + from, to - from) }],
    ),
  );
}

/** All tensors of a checkpoint folder, whether it is one file or several with an index. */
export function readCheckpointTensors(folder) {
  const index = join(folder, 'model.safetensors.index.json');
  if (!existsSync(index)) {
    return readSafetensors(join(folder, 'model.safetensors'));
  }
  const files = new Set(Object.values(JSON.parse(readFileSync(index, 'utf8')).weight_map));
  return new Map([...files].flatMap((file) => [...readSafetensors(join(folder, file))]));
}

function readRange(path, from, length) {
  const file = openSync(path, 'r');
  try {
    return readAt(file, from, length, path);
  } finally {
    closeSync(file);
  }
}

function readAt(file, from, length, path) {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, length - done, from + done);
    if (count === 0) {
      throw new Error(`${path} ends at byte ${from + done}, but ${length - done} more were announced`);
    }
    done += count;
  }
  return bytes;
}
