package dev.weft.grammar.reply;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;

/**
 * How a thought ends that may go on no longer.
 *
 * @param within where the reply is while it thinks
 * @param mark the text that ends a thought
 * @param token where the mark is to come as one added token
 * @param spelled where it is to come in any tokens
 */
record ThoughtEnd(Spot within, String mark, Position token, Position spelled) {}
