// Conversions between the number formats of checkpoints and of GGUF. Node 20 has no 16-bit floats, so they are done on bits.

const scratch = new DataView(new ArrayBuffer(4));

function bitsOf(value) {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

function ofBits(bits) {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** A float32 as bfloat16 bits, ties to even. */
export function toBfloat16(value) {
  const bits = bitsOf(value);
  if ((bits & 0x7fffffff) > 0x7f800000) {
    return (bits >>> 16) | 0x40; // NaN stays NaN
  }
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** A float32 as IEEE half-precision bits, ties to even. */
export function toFloat16(value) {
  const bits = bitsOf(value);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    return sign | 0x7e00; // NaN
  }
  if (magnitude >= 0x477ff000) {
    return sign | 0x7c00; // rounds to more than 65504
  }
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves have the fixed step 2^-24; adding 0.5 makes float32 round to just that step.
    return sign | (bitsOf(ofBits(magnitude) + 0.5) - 0x3f000000);
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** IEEE half-precision bits as a number. */
export function fromFloat16(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Infinity : NaN;
  }
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16 bits as a number. */
export function fromBfloat16(bits) {
  return ofBits(bits << 16);
}

/** The values of a tensor's little-endian bytes as stored in a safetensors file. */
export function decode(dtype, bytes) {
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
    case 'F16':
      return Float32Array.from({ length: bytes.length / 2 }, (_, i) =>
        fromFloat16(bytes.readUInt16LE(2 * i)),
      );
    case 'BF16':
      return Float32Array.from({ length: bytes.length / 2 }, (_, i) =>
        fromBfloat16(bytes.readUInt16LE(2 * i)),
      );
    default:
      throw new Error(`tensors of type ${dtype} are not read, only F32, F16 and BF16`);
  }
}

/** Values as the bytes of a GGUF tensor type; for Q8_0 their count is a multiple of 32. */
export function encode(type, values) {
  switch (type) {
    case 'F32':
      return each(values, 4, (bytes, value, at) => bytes.writeFloatLE(value, at));
    case 'F16':
      return each(values, 2, (bytes, value, at) => bytes.writeUInt16LE(toFloat16(value), at));
    case 'BF16':
      return each(values, 2, (bytes, value, at) => bytes.writeUInt16LE(toBfloat16(value), at));
    case 'Q8_0':
      return quantise(values);
    default:
      throw new Error(`tensors of type ${type} are not written, only F32, F16, BF16 and Q8_0`);
  }
}

function each(values, size, write) {
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, i) => write(bytes, value, i * size));
  return bytes;
}

/**
 * Q8_0: per 32 values a scale d = max|x| / 127 as a half, then 32 signed bytes round(x / d), halves away from zero. As in
 * ggml, in float32 and with the scale before it is rounded to a half.
 */
function quantise(values) {
  const bytes = Buffer.alloc((values.length / 32) * 34);
  for (let from = 0, at = 0; from < values.length; from += 32, at += 34) {
    let largest = 0;
    for (let i = from; i < from + 32; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    bytes.writeUInt16LE(toFloat16(scale), at);
    for (let i = 0; i < 32; i++) {
      const scaled = Math.fround(values[from + i] * inverse);
      bytes.writeInt8(Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5), at + 2 + i);
    }
  }
  return bytes;
}
