/**
 * Replies that call tools: what they look like in the formats that models were trained on. One
 * description of a format, a {@link dev.weft.grammar.reply.CallSyntax}, makes both the grammar that
 * a reply is held to and the parser that takes it apart, so that they can't disagree. One thread at
 * a time.
 */
@NullMarked
package dev.weft.grammar.reply;

import org.jspecify.annotations.NullMarked;
