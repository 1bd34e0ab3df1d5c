/**
 * Weights of an adapter: tensors checked against the base, joined to pairs A and B with their
 * scale, the digest over them, and how much they change. Values are read from mapped files; safe
 * for any thread while these are open.
 */
@NullMarked
package dev.weft.format.lora.weight;

import org.jspecify.annotations.NullMarked;
