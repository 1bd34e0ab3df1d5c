/**
 * Writes an adapter's canonical files: PEFT's, written anew so that one digest is one set of bytes.
 * It writes into the folder that the caller names; one thread.
 */
@NullMarked
package dev.weft.format.lora.canonical;

import org.jspecify.annotations.NullMarked;
