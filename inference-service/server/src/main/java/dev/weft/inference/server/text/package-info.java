/**
 * Text and tokens: the checkpoint's tokenizer, token by token back to text, and where stop strings
 * cut it. Reads tokenizer.json; owns the native tokenizer. No Spring, no Reactor; a {@link
 * dev.weft.inference.server.text.Tokenizer} is used by any thread, the rest belongs to one answer.
 */
@NullMarked
package dev.weft.inference.server.text;

import org.jspecify.annotations.NullMarked;
