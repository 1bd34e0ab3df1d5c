// Writes GGUF version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): a header, typed metadata, a table of
// tensors, then their data, each at a multiple of 32 bytes. Little-endian throughout.

import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const MAGIC = 0x46554747; // "GGUF"
const VERSION = 3;
const ALIGNMENT = 32; // the format's default; another one would need general.alignment

const VALUE_TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 };

/** What a tensor's values are stored as: ggml's number of the type, and bytes per block of values. */
export const TENSOR_TYPE = {
  F32: { id: 0, block: 1, bytes: 4 },
  F16: { id: 1, block: 1, bytes: 2 },
  Q8_0: { id: 8, block: 32, bytes: 34 },
  BF16: { id: 30, block: 1, bytes: 2 },
};

export const u32 = (value) => ({ type: 'u32', value });
export const f32 = (value) => ({ type: 'f32', value });
export const bool = (value) => ({ type: 'bool', value });
export const string = (value) => ({ type: 'string', value });
export const strings = (values) => ({ type: 'array', of: 'string', value: values });
export const integers = (values) => ({ type: 'array', of: 'i32', value: values });

/** Bytes that a tensor of this type and shape takes. `shape` is outermost first, as in safetensors: [rows, columns]. */
export function tensorBytes(type, shape) {
  const { block, bytes } = TENSOR_TYPE[type];
  if (shape.at(-1) % block !== 0) {
    throw new Error(`${type} stores blocks of ${block} values, but a row has ${shape.at(-1)}`);
  }
  return (shape.reduce((product, size) => product * size, 1) / block) * bytes;
}

/**
 * Writes `path`, under another name until it is whole.
 *
 * metadata: [key, value of u32(), string(), ...] in order.
 * tensors: {name, type, shape: [rows, columns] or [size], data(): Buffer}; data is asked for one tensor at a time.
 */
export function writeGguf(path, metadata, tensors) {
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  try {
    const head = header(metadata, tensors);
    writeWhole(file, Buffer.concat([head, Buffer.alloc(padding(head.length))]));
    for (const tensor of tensors) {
      const data = tensor.data();
      const expected = tensorBytes(tensor.type, tensor.shape);
      if (data.length !== expected) {
        throw new Error(
          `${tensor.name} has ${data.length} bytes, its shape [${tensor.shape}] as ${tensor.type} takes ${expected}`,
        );
      }
      writeWhole(file, data);
      writeWhole(file, Buffer.alloc(padding(data.length)));
    }
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
}

function header(metadata, tensors) {
  const parts = [number(4, MAGIC), number(4, VERSION), long(tensors.length), long(metadata.length)];
  for (const [key, { type, of, value }] of metadata) {
    parts.push(text(key), number(4, VALUE_TYPE[type]));
    if (type === 'array') {
      parts.push(number(4, VALUE_TYPE[of]), long(value.length));
      // One by one: a vocabulary is longer than a call may have arguments.
      for (const item of value) parts.push(encode(of, item));
    } else {
      parts.push(encode(type, value));
    }
  }
  let offset = 0;
  for (const { name, type, shape } of tensors) {
    parts.push(text(name), number(4, shape.length));
    parts.push(...shape.toReversed().map(long)); // ggml names the innermost dimension first
    parts.push(number(4, TENSOR_TYPE[type].id), long(offset));
    const bytes = tensorBytes(type, shape);
    offset += bytes + padding(bytes);
  }
  return Buffer.concat(parts);
}

function encode(type, value) {
  switch (type) {
    case 'u32':
      return number(4, value);
    case 'i32': {
      const buffer = Buffer.alloc(4);
      buffer.writeInt32LE(value);
      return buffer;
    }
    case 'f32': {
      const buffer = Buffer.alloc(4);
      buffer.writeFloatLE(value);
      return buffer;
    }
    case 'bool':
      return number(1, value ? 1 : 0);
    case 'string':
      return text(value);
    default:
      throw new Error(`no encoding for metadata of type ${type}`);
  }
}

function number(bytes, value) {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

function long(value) {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function text(value) {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([long(bytes.length), bytes]);
}

function padding(length) {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}

function writeWhole(file, bytes) {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done);
  }
}
