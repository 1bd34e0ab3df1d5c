/**
 * What replies that call tools look like, in the formats that models were trained on. One
 * description of a format, a {@link dev.weft.grammar.reply.format.CallSyntax}, makes both the
 * grammar that a reply is held to and the parser that takes it apart, so that they can't disagree.
 * Immutable.
 */
@NullMarked
package dev.weft.grammar.reply.format;

import org.jspecify.annotations.NullMarked;
