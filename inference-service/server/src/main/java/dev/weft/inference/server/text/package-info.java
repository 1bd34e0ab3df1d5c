/**
 * Turns text into tokens with the checkpoint's tokenizer, turns tokens back into text one by one,
 * and cuts it at stop strings. Reads tokenizer.json and the files beside it that add tokens; owns
 * the native tokenizer. No Spring, no Reactor; a {@link dev.weft.inference.server.text.Tokenizer}
 * is used by any thread, the rest belongs to one answer.
 */
@NullMarked
package dev.weft.inference.server.text;

import org.jspecify.annotations.NullMarked;
