/**
 * The grammars that replies are held to: a thought, then text or calls of tools, and text with
 * tags. Formats are described in {@code format}; the readers of replies are in {@code parser}. One
 * thread at a time.
 */
@NullMarked
package dev.weft.grammar.reply;

import org.jspecify.annotations.NullMarked;
